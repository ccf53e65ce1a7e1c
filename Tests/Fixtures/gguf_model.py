"""Makes `Tests/Fixtures/models/llama-tied.gguf`: llama-tied's weights as llama.cpp's converter has them.

    python3 Tests/Fixtures/gguf_model.py        needs gguf, numpy, safetensors, tokenizers

Run it after models.py. The rows of queries and keys are in llama.cpp's order. The tokenizer is a
byte-level BPE of 96 tokens in the style of SmolLM: digits alone, then the GPT-2 split.
`llama-tied.gguf.json` holds texts and the ids that Hugging Face's tokenizers makes of them.
"""

import json
import pathlib
import sys

sys.path.pop(0)  # this folder holds a tokenizers.py of its own

import gguf  # noqa: E402
import numpy as np  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "models"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
LETTERS = [chr(ord("a") + i) for i in range(26)] + [chr(ord("A") + i) for i in range(26)]
MERGES = [
    "t h", "th e", "Ġ t", "Ġt h", "Ġth e", "i n", "a n", "an d", "e r", "Ġ a", "r e", "o n", "Ġ s",
    "i s", "e n", "Ġ w", "o u", "Ġ b", "a t", "in g", "Ġ c", "o r",
]
TEXTS = [
    "", "the", "the theatre", " and then 1234 ", "The King of Rings, 2 in 1!", "a\nb\n\nc  d   e",
    "<|im_start|>user\nis it on?<|im_end|>\n", "it's the other one's", "Warning: 99 errors",
    "   ", "x<|endoftext|>y", "0", "in-and-out",
]


def permuted(weight, heads):
    """llama.cpp's order of the rows of queries and keys."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def vocabulary():
    tokens = SPECIAL + LETTERS + list("0123456789") + ["Ġ", "Ċ"] + list(".,!?'-:")
    return tokens + [merge.replace(" ", "") for merge in MERGES]


def oracle(tokens):
    model = models.BPE(
        vocab={token: i for i, token in enumerate(tokens)},
        merges=[tuple(merge.split(" ")) for merge in MERGES])
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    return tokenizer


def add_metadata(writer, config, tokens):
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_rope_dimension_count(config["hidden_size"] // config["num_attention_heads"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_token_types([control if token in SPECIAL else normal for token in tokens])
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    writer.add_add_bos_token(False)


def main():
    config = json.loads((HERE / "llama-tied" / "config.json").read_text())
    weights = load_file(HERE / "llama-tied" / "model.safetensors")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    tokens = vocabulary()
    assert len(tokens) == config["vocab_size"] == len(set(tokens)), len(tokens)
    writer = gguf.GGUFWriter(HERE / "llama-tied.gguf", "llama")
    add_metadata(writer, config, tokens)
    for name, weight in weights.items():
        if "q_proj" in name:
            weight = permuted(weight, config["num_attention_heads"])
        elif "k_proj" in name:
            weight = permuted(weight, config["num_key_value_heads"])
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), np.ascontiguousarray(weight))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    tokenizer = oracle(tokens)
    cases = [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS]
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "llama-tied.gguf.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
