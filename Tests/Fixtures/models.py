"""Makes the small models of `Tests/Fixtures/models/` and what PyTorch says of them.

    python3 Tests/Fixtures/models.py [NAME...]      needs torch, transformers 5, safetensors

makes all of them, or those that are named.

Every folder is a Hugging Face checkpoint of random weights with two files beside it. The weights
are f32 (bf16 in `llama-bf16`); a seed fixes them, and one thread fixes the sums.

golden.safetensors. B = 3, T = 24 for `ids`; W = 5, T = 16 for `windows`.
    ids                    i64 [B, T]      the batch of `logits`
    logits                 f32 [B, T, V]   transformers, eager attention, f32
    activations.NAME       f32 [1, T, n]   of ids[0]. NAME: residual.0 (the embedding), residual.i+1
                                           (after layer i), final_norm, and of layer 0 layers.0.
                                           input_norm | heads (the heads' outputs, joined: input of
                                           the output projection) | attention (its output) |
                                           post_norm | gate (pre-activation; in an ungated MLP the
                                           up projection's output) | neurons (input of the down
                                           projection) | mlp (its output)
    windows                i64 [W, T]      scored by importance, loss, and trained on
    held_out               i64 [3, T]
    importance.AXIS.BATCH.SEQUENCE  f32    AXIS: heads, neurons.post, neurons.pre, channels;
                                           BATCH, SEQUENCE: l2, mean, var; [L, units] or [hidden].
                                           computed in f64
    importance.layers      f32 [L]         block influence
    layer_loss             f32 [L, L]      rise of the loss over `windows` when layers s to s+n-1
                                           are skipped, at [s, n-1]; NaN past the end
    layer_influence        f32 [L, L]      1 - mean cosine across the same blocks
    pruned.NAME.logits     f32 [1, T, V]   for ids[0]; the cut is pruned.NAME of golden.json
    gradients.WEIGHT       f32             d KL / d weight of the student of run `distill`, step 0,
                                           temperature 1, the first two windows; computed in f64
                                           (the models of GRADIENTS only)

golden.json
    loss.mean .stderr .windows [W]         f32 logits, cross-entropy in f64
    pruned.NAME            sizes, and the indices kept: hidden, heads and ffn of every layer, layers
    runs.NAME              options, objective ("kl": teacher = the model; "lm"), student (a name
                           under pruned); f64 and f32: loss, lr and gradient_norm (before clipping)
                           of every step, held_out before the first and after the last
    generation             prompt, continuation (greedy, end token included where it came)

`llama-sharded` and `llama-bf16` hold llama-tied's weights; the first has no golden files (its
logits are llama-tied's), the second has ids [1, T] and logits, in f32 on the rounded weights.
"""

import copy
import json
import logging
import pathlib
import re
import shutil
import sys

import torch
import transformers
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).resolve().parent

# transformers needs the library `tokenizers`, not the script of that name in this folder.
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != FOLDER]
import tokenizers  # noqa: E402, F401

sys.path.insert(0, str(FOLDER))
import models_oracle as oracle  # noqa: E402

HERE = FOLDER / "models"
VOCAB = 96
COMMON = {
    "vocab_size": VOCAB,
    "hidden_act": "silu",
    "attention_bias": False,
    "attention_dropout": 0.0,
    "initializer_range": 0.02,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "use_cache": True,
}
LLAMA = {**COMMON, "architectures": ["LlamaForCausalLM"], "model_type": "llama", "mlp_bias": False}
MISTRAL = {**COMMON, "architectures": ["MistralForCausalLM"], "model_type": "mistral"}

QWEN2 = {**COMMON, "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2"}
del QWEN2["attention_bias"]
QWEN3 = {**COMMON, "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3"}
NEMOTRON = {**COMMON, "architectures": ["NemotronForCausalLM"], "model_type": "nemotron",
            "hidden_act": "relu2", "mlp_bias": False}

# Some configs are spelled as transformers 5 writes them (rope_parameters, dtype), some as older
# versions did (rope_theta, rope_scaling, torch_dtype).
MODELS = {
    "llama-tied": {
        **LLAMA,
        "hidden_size": 36, "num_attention_heads": 6, "num_key_value_heads": 2,
        "intermediate_size": 40, "num_hidden_layers": 4, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "dtype": "float32",
        "rope_parameters": {"rope_theta": 500.0, "rope_type": "default"},
    },
    "llama-untied-rope3": {
        **LLAMA,
        "hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
        "intermediate_size": 40, "num_hidden_layers": 3, "max_position_embeddings": 512,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "torch_dtype": "float32",
        "rope_theta": 10000.0,
        # Wavelengths from 6 to 20,000 positions: one kept, one blended, the rest divided by 8.
        "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 64},
    },
    "llama-mha": {
        **LLAMA,
        "hidden_size": 24, "num_attention_heads": 4, "num_key_value_heads": 4, "head_dim": 8,
        "intermediate_size": 36, "num_hidden_layers": 3, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6, "tie_word_embeddings": False, "torch_dtype": "float32",
        "rope_theta": 10000.0,
    },
    "mistral": {
        **MISTRAL,
        "hidden_size": 28, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12,
        "intermediate_size": 40, "num_hidden_layers": 3, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "dtype": "float32",
        "sliding_window": None,
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
    },
    "mistral-window": {
        **MISTRAL,
        "hidden_size": 24, "num_attention_heads": 4, "num_key_value_heads": 1, "head_dim": 8,
        "intermediate_size": 30, "num_hidden_layers": 3, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "torch_dtype": "float32",
        "sliding_window": 7, "rope_theta": 1000.0,
    },
    # As the published ones: the fraction that is rotated stands at the top.
    "nemotron": {
        **NEMOTRON,
        "hidden_size": 20, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
        "kv_channels": 8, "intermediate_size": 32, "num_hidden_layers": 3,
        "max_position_embeddings": 128, "norm_eps": 1e-5, "tie_word_embeddings": False,
        "torch_dtype": "float32", "rope_theta": 500.0, "partial_rotary_factor": 0.5,
    },
    # A window from the third layer on, which is seen by the lists being cut.
    "qwen2": {
        **QWEN2,
        "hidden_size": 24, "num_attention_heads": 6, "num_key_value_heads": 2,
        "intermediate_size": 36, "num_hidden_layers": 4, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6, "tie_word_embeddings": True, "torch_dtype": "float32",
        "use_sliding_window": True, "sliding_window": 6, "max_window_layers": 2,
        "rope_theta": 1000.0,
    },
    "qwen2-mha": {
        **QWEN2,
        "hidden_size": 24, "num_attention_heads": 4, "num_key_value_heads": 4,
        "intermediate_size": 30, "num_hidden_layers": 2, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6, "tie_word_embeddings": False, "dtype": "float32",
        "use_sliding_window": False, "sliding_window": None, "max_window_layers": 2,
        "layer_types": ["full_attention", "full_attention"],
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
    },
    "qwen3": {
        **QWEN3,
        "hidden_size": 20, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6,
        "intermediate_size": 28, "num_hidden_layers": 3, "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6, "tie_word_embeddings": False, "dtype": "float32",
        "use_sliding_window": True, "sliding_window": 5, "max_window_layers": 3,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
    },
    "gpt2": {
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": VOCAB,
        "n_embd": 24, "n_head": 4, "n_layer": 3, "n_inner": None, "n_positions": 48, "n_ctx": 48,
        "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5, "initializer_range": 0.02,
        "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0, "bos_token_id": 1,
        "eos_token_id": 2, "use_cache": True, "torch_dtype": "float32",
    },
}

PRUNED = {
    "llama-tied": {
        "ffn": {"ffn": 25}, "heads": {"heads": 4}, "hidden": {"hidden": 24},
        "width": {"hidden": 28, "heads": 4, "ffn": 24}, "depth": {"layers": 2},
    },
    "llama-untied-rope3": {"width": {"hidden": 24, "heads": 2, "ffn": 28}, "depth": {"layers": 2}},
    "llama-mha": {"heads": {"heads": 2}, "width": {"hidden": 18, "heads": 3, "ffn": 28}},
    "mistral": {
        "width": {"hidden": 23, "heads": 2, "ffn": 30},
        "all": {"hidden": 23, "heads": 2, "ffn": 30, "layers": 2},
    },
    "mistral-window": {"width": {"hidden": 20, "heads": 3, "ffn": 21}},
    "nemotron": {
        "width": {"hidden": 15, "heads": 2, "ffn": 22},
        "all": {"hidden": 15, "heads": 2, "ffn": 22, "layers": 2},
    },
    "qwen2": {"width": {"hidden": 19, "heads": 4, "ffn": 25}, "depth": {"layers": 3}},
    "qwen2-mha": {"width": {"hidden": 18, "heads": 3, "ffn": 21}},
    "qwen3": {
        "width": {"hidden": 15, "heads": 2, "ffn": 20},
        "all": {"hidden": 15, "heads": 2, "ffn": 20, "layers": 2},
    },
    # transformers holds no GPT-2 of another head size: widths go together.
    "gpt2": {
        "ffn": {"ffn": 50}, "depth": {"layers": 2},
        "width": {"hidden": 18, "heads": 3, "ffn": 50},
    },
}

OPTIONS = {
    "steps": 8, "batch": 2, "lr": 2e-3, "min_lr": 2e-4, "warmup": 2, "weight_decay": 0.01,
    "betas": [0.9, 0.95], "clip": 1.0, "temperature": 1.0,
}
RUNS = {
    "distill": ("kl", {}),
    "distill-temperature-2": ("kl", {"temperature": 2.0}),
    # Large enough that a wrong decay or a wrong clip shows in the losses.
    "distill-decay": ("kl", {"weight_decay": 2.0, "clip": 0.05, "lr": 1e-2, "warmup": 0}),
    "finetune": ("lm", {}),
}
OBJECTIVES = {"kl": oracle.kl_loss, "lm": oracle.lm_loss}
GRADIENTS = ("llama-tied", "mistral", "nemotron", "qwen3", "gpt2")
GENERATED = {"llama-tied": False, "mistral-window": True, "nemotron": False, "qwen2": False,
             "gpt2": False}  # whether the end token comes early


def random_weights(model, generator):
    """Weights with which attention is uneven, no unit is like another and losses are near ln V."""
    weights = {}
    for name, weight in model.state_dict().items():
        noise = torch.randn(weight.shape, generator=generator)
        is_conv = model.config.model_type == "gpt2"  # [in, out]
        if name.endswith(".bias"):
            weights[name] = 0.2 * noise
        elif weight.dim() == 1:
            # Nemotron's norms multiply by 1 + weight.
            weights[name] = 0.2 * noise + (model.config.model_type != "nemotron")
        elif any(part in name for part in ("embed_tokens", "lm_head", "wte", "wpe")):
            weights[name] = 0.25 * noise
        else:
            weights[name] = noise / weight.shape[0 if is_conv else 1] ** 0.5
    return weights


def write_json(path, value):
    """Indented, with a list of numbers on one line."""
    text = json.dumps(value, indent=1)
    text = re.sub(r"\[[^][{}]*\]", lambda m: " ".join(m[0].split()), text)
    path.write_text(text + "\n")


def write_tensors(path, tensors):
    save_file({name: value.contiguous() for name, value in tensors.items()}, path, {"format": "pt"})


def load(folder):
    """What transformers reads from the folder: the files on disk are what is measured."""
    return transformers.AutoModelForCausalLM.from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32).eval()


def make_checkpoint(name, config, generator):
    folder = HERE / name
    folder.mkdir()
    write_json(folder / "config.json", config)
    parsed = transformers.AutoConfig.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_config(parsed, dtype=torch.float32)
    weights = random_weights(model, generator)
    if parsed.tie_word_embeddings:
        del weights["lm_head.weight"]
    write_tensors(folder / "model.safetensors", weights)
    return folder


def make_variants(tied):
    """llama-tied's weights in three shards as transformers writes them, and rounded to bf16."""
    tied.save_pretrained(HERE / "llama-sharded", max_shard_size="50KB")
    assert len(list((HERE / "llama-sharded").glob("*.safetensors"))) == 3
    folder = HERE / "llama-bf16"
    copy.deepcopy(tied).to(torch.bfloat16).save_pretrained(folder)
    ids = random_ids(1, 24, torch.Generator().manual_seed(5))
    logits, _ = oracle.record(load(folder), ids)
    write_tensors(folder / "golden.safetensors", {"ids": ids, "logits": logits})


def random_ids(windows, length, generator):
    return torch.randint(3, VOCAB, (windows, length), generator=generator)


def double(model):
    return copy.deepcopy(model).double()


def train_all(model, student, windows, held_out):
    """Every run in f64 (the reference) and f32; prints how far apart rounding alone takes them."""
    runs = {}
    for name, (objective, changes) in RUNS.items():
        options = {**OPTIONS, **changes}
        data = (windows, held_out, OBJECTIVES[objective], options)
        single = oracle.train(copy.deepcopy(student), model, *data)
        with oracle.double_precision():
            reference = oracle.train(double(student), double(model), *data)
        norms = reference["gradient_norm"]
        far = max(abs(a - b) for a, b in zip(single["loss"], reference["loss"]))
        near = max(abs(a - b) for a, b in zip(single["held_out"], reference["held_out"]))
        print(f"  {name}: loss {reference['loss'][0]:.4f} to {reference['loss'][-1]:.4f}, "
              f"gradient norms {min(norms):.3f} to {max(norms):.3f}; f32 and f64 differ by "
              f"{far:.1e} (held out {near:.1e})")
        runs[name] = {"objective": objective, "student": "width", "options": options,
                      "f64": reference, "f32": single}
    return runs


def gradients(model, student, ids):
    """Of the distillation loss in every weight of the student, in double precision."""
    with oracle.double_precision():
        student = double(student)
        oracle.kl_loss(student, double(model), ids, 1.0).backward()
    return {f"gradients.{n}": p.grad.float() for n, p in student.named_parameters()}


def generate(model, generator, ends_early):
    """Greedy, at most 12 tokens after a prompt of 4: a varied text, and no choice of it close."""
    for _ in range(10_000):
        prompt = random_ids(1, 4, generator)
        result = model.generate(
            prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=12, do_sample=False,
            pad_token_id=0, return_dict_in_generate=True, output_logits=True)
        text = result.sequences[0, 4:].tolist()
        best = torch.stack(result.logits).topk(2).values
        apart = (best[..., 0] - best[..., 1]).min() > 0.02
        if apart and len(set(text)) >= 5 and (len(text) < 12) == ends_early:
            return {"prompt": prompt[0].tolist(), "continuation": text}
    raise RuntimeError("no prompt gives a varied continuation: change the seed")


def exact_importance(model, windows):
    """The scores in double precision; prints how far single precision's lie from them."""
    with oracle.double_precision():
        exact = oracle.importance(double(model), windows)
    scores = oracle.importance(model, windows)
    worst = max((((scores[k] - exact[k]) / exact[k]).abs().max().item(), k) for k in exact)
    print(f"  importance: f32 and f64 activations differ by {worst[0]:.1e} relative ({worst[1]})")
    return exact


def make_golden(name, folder, generator):
    model = load(folder)
    ids, windows, held_out = (random_ids(n, t, generator) for n, t in ((3, 24), (5, 16), (3, 16)))
    logits, _ = oracle.record(model, ids)
    _, activations = oracle.record(model, ids[:1])
    named = {k: v for k, v in activations.items() if not re.match(r"layers\.[1-9]", k)}
    scores = exact_importance(model, windows)
    losses = oracle.window_losses(model, windows)
    tensors = {"ids": ids, "windows": windows, "held_out": held_out, "logits": logits}
    tensors |= {f"activations.{k}": v for k, v in named.items()}
    tensors |= {f"importance.{k}": v.float() for k, v in scores.items()}
    for metric in ("loss", "influence"):
        tensors[f"layer_{metric}"] = oracle.layer_table(model, windows, metric).float()
    golden = {
        "loss": {"mean": losses.mean().item(), "stderr": losses.std().item() / len(losses) ** 0.5,
                 "windows": losses.tolist()},
        "pruned": {},
    }
    students = {}
    for kind, sizes in PRUNED[name].items():
        keep = oracle.keep_by_importance(model, scores, sizes)
        students[kind] = oracle.cut(model, keep)
        tensors[f"pruned.{kind}.logits"], _ = oracle.record(students[kind], ids[:1])
        golden["pruned"][kind] = {"sizes": sizes, "keep": keep}
    golden["runs"] = train_all(model, students["width"], windows, held_out)
    if name in GRADIENTS:
        tensors |= gradients(model, students["width"], windows[:2])
    if name in GENERATED:
        golden["generation"] = generate(model, generator, GENERATED[name])
        print(f"  generation: {golden['generation']}")
    write_tensors(folder / "golden.safetensors", tensors)
    write_json(folder / "golden.json", golden)


def main():
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    HERE.mkdir(exist_ok=True)
    wanted = sys.argv[1:] or list(MODELS)
    for number, (name, config) in enumerate(MODELS.items()):
        if name not in wanted:
            continue
        print(name)
        shutil.rmtree(HERE / name, ignore_errors=True)
        generator = torch.Generator().manual_seed(200 + number)
        make_golden(name, make_checkpoint(name, config, generator), generator)
    if "llama-tied" in wanted:
        for name in ("llama-sharded", "llama-bf16"):
            shutil.rmtree(HERE / name, ignore_errors=True)
        make_variants(load(HERE / "llama-tied"))


if __name__ == "__main__":
    main()
