"""Makes `Tests/Fixtures/chat.json`: conversations as transformers renders them.

    python3 Tests/Fixtures/chat.py        needs transformers

{"conversations": [[{"role", "content"}]], "templates": {name: {"source", "rendered": [text]}}}. The
templates are written for this, each in a manner that models' own templates have; bos_token is <s>.
"""

import json
import pathlib

from transformers.utils.chat_template_utils import render_jinja_template

PLACE = pathlib.Path(__file__).parent / "chat.json"
TURN = ("{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}")
PROMPT = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

TEMPLATES = {
    "plain": "{% for message in messages %}" + TURN + "{% endfor %}" + PROMPT + "\n",
    "in loop": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nIt\\'s \"you\" who help.<|im_end|>\n' }}{% endif %}" + TURN
    + "{% endfor %}" + PROMPT,
    "before loop": '{%- if messages[0].role != "system" -%}\n'
    '    {{- "<|im_start|>system\\nHelp\\twell.<|im_end|>\\n" -}}\n'
    "{%- endif %}\n"
    "{%- for message in messages %}\n"
    '    {{- "<|im_start|>" + message.role + "\\n" + message.content + "<|im_end|>\\n" }}\n'
    "{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
    "with tools": "{#- Tools first. -#}\n{%- if tools %}\n"
    "    {{- '<|im_start|>system\\n' }}\n"
    "    {%- if messages[0]['role'] == 'system' %}\n        {{- messages[0]['content'] }}\n"
    "    {%- endif %}\n"
    "    {%- for tool in tools %}\n        {{- tool | tojson }}\n    {%- endfor %}\n"
    "{%- else %}\n"
    "    {%- if messages[0]['role'] == 'system' %}\n"
    "        {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n"
    "    {%- else %}\n"
    "        {{- '<|im_start|>system\\nYou help.<|im_end|>\\n' }}\n"
    "    {%- endif %}\n"
    "{%- endif %}\n"
    "{%- for message in messages %}\n"
    '    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or '
    '(message.role == "assistant" and not message.tool_calls) %}\n'
    "        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n"
    '    {%- elif message.role == "assistant" %}\n'
    "        {{- '<|im_start|>' + message.role }}\n"
    "    {%- endif %}\n"
    "{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
    "llama 3": "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
    "+ message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}"
    "{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
}

CONVERSATIONS = [
    [("user", "Who?"), ("assistant", "I.")],
    [("system", " Be brief. "), ("user", "Why\n"), ("assistant", "\n\tSo. ")],
    [("user", "a"), ("assistant", ""), ("system", "Now\x1c"), ("user", " \u3000b"), ("assistant", "é")],
    [("user", "1"), ("assistant", "one"), ("user", "2"), ("assistant", "two\n\nthree")],
    [("assistant", "I begin"), ("user", "and I end")],
]


def main():
    conversations = [[{"role": r, "content": c} for r, c in turns] for turns in CONVERSATIONS]
    templates = {}
    for name, source in TEMPLATES.items():
        rendered, _ = render_jinja_template(
            conversations, chat_template=source, bos_token="<s>", add_generation_prompt=False)
        templates[name] = {"source": source, "rendered": rendered}
    result = {"conversations": conversations, "templates": templates}
    PLACE.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
