"""A Llama from a GGUF, dequantized to f32, as a transformers model.

transformers' own reader wants a package more (accelerate) and reads this family's tokenizer wrong;
here the weights alone are needed.
"""

import gguf
import torch
import transformers

LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
OUTER = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


def translated(name):
    """The name that transformers gives to a tensor of the file."""
    parts = name.removesuffix(".weight").split(".")
    if parts[0] == "blk":
        return f"model.layers.{parts[1]}.{LAYER[parts[2]]}.weight"
    return f"{OUTER[parts[0]]}.weight"


def unpermuted(weight, heads):
    """Undoes llama.cpp's order of the query and key rows."""
    rows, columns = weight.shape
    return weight.view(heads, rows // heads // 2, 2, columns).transpose(1, 2).reshape(rows, columns)


def load_gguf(path):
    """The model, in f32 and in evaluation mode."""
    reader = gguf.GGUFReader(path)
    value = lambda key: reader.fields[f"llama.{key}"].contents()
    heads, kv_heads = value("attention.head_count"), value("attention.head_count_kv")
    weights = {}
    for tensor in reader.tensors:
        weight = torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
        if tensor.name.endswith("attn_q.weight"):
            weight = unpermuted(weight, heads)
        elif tensor.name.endswith("attn_k.weight"):
            weight = unpermuted(weight, kv_heads)
        if tensor.name != "rope_freqs.weight":
            weights[translated(tensor.name)] = weight
    tied = "lm_head.weight" not in weights
    if tied:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    config = transformers.LlamaConfig(
        vocab_size=len(weights["lm_head.weight"]), hidden_size=value("embedding_length"),
        intermediate_size=value("feed_forward_length"), num_hidden_layers=value("block_count"),
        num_attention_heads=heads, num_key_value_heads=kv_heads, tie_word_embeddings=tied,
        max_position_embeddings=value("context_length"),
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")})
    model = transformers.LlamaForCausalLM(config)
    model.load_state_dict(weights, strict=True)
    return model.eval()
