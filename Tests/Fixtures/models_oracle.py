"""The mathematics behind `models.py`: what PyTorch and transformers say of a small model.

Nothing here writes a file. The forward and backward passes are transformers' own (eager
attention); what is added is reading them by hooks, scoring, cutting weights by index, and the
training loop. Letters: W = windows, T = positions of a window, L = layers, V = vocabulary.
"""

import contextlib
import copy
import math

import torch
from torch.nn.functional import cosine_similarity, cross_entropy, kl_div, log_softmax
from transformers.models.gpt2 import modeling_gpt2
from transformers.models.llama import modeling_llama
from transformers.models.mistral import modeling_mistral
from transformers.models.nemotron import modeling_nemotron
from transformers.models.qwen2 import modeling_qwen2
from transformers.models.qwen3 import modeling_qwen3

AGGREGATIONS = ("l2", "mean", "var")


class _DoubleTorch:
    """`torch`, except that its single precision is double precision."""

    float32 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


@contextlib.contextmanager
def double_precision():
    """Within it a model in float64 computes in float64 throughout.

    transformers casts to float32 inside its norms and its softmax; without this a reference in
    double precision would carry single precision's rounding. Rotary angles stay in float32.
    """
    modules = (modeling_llama, modeling_mistral, modeling_nemotron, modeling_qwen2, modeling_qwen3,
               modeling_gpt2)
    for module in modules:
        module.torch = _DoubleTorch()
    try:
        yield
    finally:
        for module in modules:
            module.torch = torch


# What differs from family to family


class Llama:
    """Llama's names, which most families share. `cuts` says how a weight shrinks by its role in a
    layer: the axis of each dimension (`hidden`, `ffn`, `heads`, `kv`, None for one that stays)."""

    prefix = "model.layers."
    outer = {"model.embed_tokens.weight": (None, "hidden"), "lm_head.weight": (None, "hidden"),
             "model.norm.weight": ("hidden",), "model.norm.bias": ("hidden",)}
    cuts = {
        "input_layernorm.weight": ("hidden",), "input_layernorm.bias": ("hidden",),
        "post_attention_layernorm.weight": ("hidden",),
        "post_attention_layernorm.bias": ("hidden",),
        "self_attn.q_proj.weight": ("heads", "hidden"), "self_attn.q_proj.bias": ("heads",),
        "self_attn.k_proj.weight": ("kv", "hidden"), "self_attn.k_proj.bias": ("kv",),
        "self_attn.v_proj.weight": ("kv", "hidden"), "self_attn.v_proj.bias": ("kv",),
        "self_attn.q_norm.weight": (None,), "self_attn.k_norm.weight": (None,),
        "self_attn.o_proj.weight": ("hidden", "heads"),
        "mlp.gate_proj.weight": ("ffn", "hidden"), "mlp.up_proj.weight": ("ffn", "hidden"),
        "mlp.down_proj.weight": ("hidden", "ffn"),
    }

    def __init__(self, model):
        self.layers = model.model.layers
        self.embedding = model.model.embed_tokens
        self.norm = model.model.norm

    def parts(self, layer):
        """The modules of a layer by what they are called in the fixtures."""
        return {
            "input_norm": layer.input_layernorm, "attention": layer.self_attn.o_proj,
            "post_norm": layer.post_attention_layernorm,
            "gate": getattr(layer.mlp, "gate_proj", None) or layer.mlp.up_proj,
            "down": layer.mlp.down_proj, "mlp": layer.mlp,
        }

    @staticmethod
    def kv_heads(config):
        return config.num_key_value_heads

    @staticmethod
    def head_dim(config):
        return getattr(config, "head_dim", None) or (
            config.hidden_size // config.num_attention_heads)

    @staticmethod
    def ffn(config):
        return config.intermediate_size

    @staticmethod
    def resize(config, hidden, ffn, heads, layers):
        config.head_dim = Llama.head_dim(config)
        if config.num_key_value_heads == config.num_attention_heads:
            config.num_key_value_heads = heads
        config.hidden_size, config.intermediate_size = hidden, ffn
        config.num_attention_heads, config.num_hidden_layers = heads, len(layers)
        if getattr(config, "layer_types", None):
            config.layer_types = [config.layer_types[i] for i in layers]


class GPT2(Llama):
    """Learned positions, Conv1D weights [in, out], queries, keys and values in one projection."""

    prefix = "transformer.h."
    outer = {"transformer.wte.weight": (None, "hidden"), "lm_head.weight": (None, "hidden"),
             "transformer.wpe.weight": (None, "hidden"),
             "transformer.ln_f.weight": ("hidden",), "transformer.ln_f.bias": ("hidden",)}
    cuts = {
        "ln_1.weight": ("hidden",), "ln_1.bias": ("hidden",),
        "ln_2.weight": ("hidden",), "ln_2.bias": ("hidden",),
        "attn.c_attn.weight": ("hidden", "fused"), "attn.c_attn.bias": ("fused",),
        "attn.c_proj.weight": ("heads", "hidden"), "attn.c_proj.bias": ("hidden",),
        "mlp.c_fc.weight": ("hidden", "ffn"), "mlp.c_fc.bias": ("ffn",),
        "mlp.c_proj.weight": ("ffn", "hidden"), "mlp.c_proj.bias": ("hidden",),
    }

    def __init__(self, model):
        self.layers = model.transformer.h
        self.embedding = model.transformer.drop
        self.norm = model.transformer.ln_f

    def parts(self, layer):
        return {"input_norm": layer.ln_1, "attention": layer.attn.c_proj, "post_norm": layer.ln_2,
                "gate": layer.mlp.c_fc, "down": layer.mlp.c_proj, "mlp": layer.mlp}

    @staticmethod
    def kv_heads(config):
        return config.n_head

    @staticmethod
    def ffn(config):
        return config.n_inner or 4 * config.n_embd

    @staticmethod
    def resize(config, hidden, ffn, heads, layers):
        config.n_embd, config.n_inner, config.n_head = hidden, ffn, heads
        config.n_layer = len(layers)


def family(model):
    return GPT2 if model.config.model_type == "gpt2" else Llama


# Reading a model


def record(model, ids):
    """One forward pass; `(logits, activations)`.

    The names are those of the fixtures: `residual.0` is the embedding and `residual.i+1` the
    residual stream after layer i; see the header of models.py.
    """
    seen = {}
    handles = []

    def keep_output(name, module):
        def hook(_, __, output):
            seen[name] = (output[0] if isinstance(output, tuple) else output).detach()

        handles.append(module.register_forward_hook(hook))

    def keep_input(name, module):
        def hook(_, args):
            seen[name] = args[0].detach()

        handles.append(module.register_forward_pre_hook(hook))

    names = family(model)(model)
    keep_output("residual.0", names.embedding)
    keep_output("final_norm", names.norm)
    for i, layer in enumerate(names.layers):
        parts = names.parts(layer)
        keep_output(f"residual.{i + 1}", layer)
        keep_output(f"layers.{i}.input_norm", parts["input_norm"])
        keep_input(f"layers.{i}.heads", parts["attention"])
        keep_output(f"layers.{i}.attention", parts["attention"])
        keep_output(f"layers.{i}.post_norm", parts["post_norm"])
        keep_output(f"layers.{i}.gate", parts["gate"])
        keep_input(f"layers.{i}.neurons", parts["down"])
        keep_output(f"layers.{i}.mlp", parts["mlp"])
    with torch.no_grad():
        logits = model(input_ids=ids, use_cache=False).logits
    for handle in handles:
        handle.remove()
    return logits, seen


def window_losses(model, ids):
    """The language-modelling loss of each window, over positions 1 to T-1, in nats: float64 [W]."""
    with torch.no_grad():
        logits = model(input_ids=ids, use_cache=False).logits[:, :-1].double()
    losses = cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    return losses.view(ids.shape[0], -1).mean(1)


# Importance


def aggregate(values, kind, axis):
    """Σ over `axis` of values as the paper's three aggregations mean it."""
    if kind == "l2":
        return values.square().sum(axis).sqrt()
    if kind == "mean":
        return values.abs().mean(axis)
    return values.var(axis, unbiased=False)


def units(model, activations):
    """What is scored, in float64: `{axis: [(layer, values [W, T, units])]}`."""
    config = model.config
    read = lambda name: activations[name].double()
    result = {"heads": [], "neurons.post": [], "neurons.pre": [], "channels": []}
    for i in range(config.num_hidden_layers):
        heads = read(f"layers.{i}.heads").unflatten(-1, (config.num_attention_heads, -1))
        result["heads"].append(heads.norm(dim=-1))
        result["neurons.post"].append(read(f"layers.{i}.neurons"))
        result["neurons.pre"].append(read(f"layers.{i}.gate"))
        result["channels"].append(read(f"layers.{i}.input_norm"))
        result["channels"].append(read(f"layers.{i}.post_norm"))
    return result


def importance(model, ids):
    """`{"axis.batch.sequence": scores}` for heads, both kinds of neurons and channels, and
    `layers`, the block influence."""
    _, activations = record(model, ids)
    scores = {}
    for axis, parts in units(model, activations).items():
        for batch in AGGREGATIONS:
            for sequence in AGGREGATIONS:
                rows = [aggregate(aggregate(part, sequence, 1), batch, 0) for part in parts]
                rows = torch.stack(rows)
                scores[f"{axis}.{batch}.{sequence}"] = rows.sum(0) if axis == "channels" else rows
    count = len(family(model)(model).layers)
    streams = [activations[f"residual.{i}"].double() for i in range(count + 1)]
    pairs = zip(streams, streams[1:])
    scores["layers"] = torch.stack([1 - cosine_similarity(a, b, -1, 0).mean() for a, b in pairs])
    return scores


def layer_table(model, ids, metric):
    """Row: first layer of a block; column: its length - 1; NaN past the end. [L, L], float64."""
    count = len(family(model)(model).layers)
    table = torch.full((count, count), math.nan, dtype=torch.float64)
    whole = window_losses(model, ids).mean()
    _, seen = record(model, ids)
    for start in range(count):
        for length in range(1, count - start + 1):
            if metric == "loss":
                cut = without_layers(model, range(start, start + length))
                value = window_losses(cut, ids).mean() - whole
            else:
                before, after = seen[f"residual.{start}"], seen[f"residual.{start + length}"]
                value = 1 - cosine_similarity(before.double(), after.double(), dim=-1, eps=0).mean()
            table[start, length - 1] = value
    return table


# Cutting


def top(scores, count):
    """The indices of the `count` highest scores in their original order; ties: the lower index.

    Refuses a cut between scores so near that rounding could decide it elsewhere.
    """
    order = torch.argsort(scores, descending=True, stable=True)
    if count < len(order):
        inside, outside = scores[order[count - 1]], scores[order[count]]
        assert (inside - outside) / inside > 1e-4, "a fixture must not hang on rounding"
    return sorted(order[:count].tolist())


def heads_to_keep(scores, count, kv_heads):
    """The same number of the best heads of every KV group; where kv_heads equals heads, of all."""
    if kv_heads == len(scores):
        return top(scores, count)
    size = len(scores) // kv_heads
    groups = (range(g * size, (g + 1) * size) for g in range(kv_heads))
    return [g[i] for g in groups for i in top(scores[list(g)], count // kv_heads)]


def keep_by_importance(model, scores, sizes):
    """The kept indices of each axis for `sizes` (`hidden heads ffn layers`, absent: all)."""
    config = model.config
    layers = config.num_hidden_layers
    kv_heads = family(model).kv_heads(config)
    heads = sizes.get("heads", config.num_attention_heads)
    ffn = sizes.get("ffn", family(model).ffn(config))
    dropped = layers - sizes.get("layers", layers)
    sums = [scores["layers"][s : s + dropped].sum().item() for s in range(layers - dropped + 1)]
    start = sums.index(min(sums))
    others = sums[:start] + sums[start + 1 :]
    near = any(s - sums[start] <= 1e-4 * s for s in others)
    assert not (dropped and near), "a fixture must not hang on rounding"
    return {
        "hidden": top(scores["channels.l2.mean"], sizes.get("hidden", config.hidden_size)),
        "heads": [heads_to_keep(row, heads, kv_heads) for row in scores["heads.l2.mean"]],
        "ffn": [top(row, ffn) for row in scores["neurons.post.l2.mean"]],
        "layers": [i for i in range(layers) if not start <= i < start + dropped],
    }


def cut(model, keep):
    """A new transformers model of the kept units, its weights taken by index."""
    source = model.state_dict()
    names = family(model)
    config = copy.deepcopy(model.config)
    heads, size = config.num_attention_heads, names.head_dim(config)
    own_kv = names.kv_heads(config) == heads
    hidden = torch.tensor(keep["hidden"])
    names.resize(config, len(hidden), len(keep["ffn"][0]), len(keep["heads"][0]), keep["layers"])

    def taken(weight, axes, kept):
        for place, axis in enumerate(axes):
            if kept.get(axis) is not None:
                weight = weight.index_select(place, kept[axis])
        return weight

    weights = {}
    for name, axes in names.outer.items():
        if name in source:
            weights[name] = taken(source[name], axes, {"hidden": hidden})
    for new, old in enumerate(keep["layers"]):
        rows = torch.tensor([h * size + d for h in keep["heads"][old] for d in range(size)])
        kept = {
            "hidden": hidden, "ffn": torch.tensor(keep["ffn"][old]), "heads": rows,
            "kv": rows if own_kv else None,
            "fused": torch.cat([third * heads * size + rows for third in range(3)]),
        }
        prefix = f"{names.prefix}{old}."
        for name, weight in source.items():
            if name.startswith(prefix):
                role = name[len(prefix) :]
                weights[f"{names.prefix}{new}.{role}"] = taken(weight, names.cuts[role], kept)
    return build(type(model), config, weights)


def without_layers(model, dropped):
    """The model without the layers whose numbers are in `dropped`."""
    config = model.config
    return cut(model, {
        "hidden": list(range(config.hidden_size)),
        "heads": [list(range(config.num_attention_heads))] * config.num_hidden_layers,
        "ffn": [list(range(family(model).ffn(config)))] * config.num_hidden_layers,
        "layers": [i for i in range(config.num_hidden_layers) if i not in dropped],
    })


def build(kind, config, weights):
    """A model of `kind` that holds exactly `weights`, in eager attention and evaluation mode."""
    dtype = next(iter(weights.values())).dtype
    model = kind._from_config(config, attn_implementation="eager", dtype=dtype)
    model.load_state_dict(weights, strict=True)
    return model.eval()


# Training


def schedule(options, step):
    """The learning rate of update `step`: linear warm-up, then cosine decay to the floor."""
    lr, floor, warmup, steps = (options[k] for k in ("lr", "min_lr", "warmup", "steps"))
    if step < warmup:
        return lr * (step + 1) / warmup
    return floor + (lr - floor) * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


def kl_loss(student, teacher, ids, temperature):
    """KL(teacher ‖ student), summed over V, averaged over W x T, in nats, with no factor T²."""
    with torch.no_grad():
        target = log_softmax(teacher(input_ids=ids, use_cache=False).logits / temperature, -1)
    ours = log_softmax(student(input_ids=ids, use_cache=False).logits / temperature, -1)
    return kl_div(ours, target, log_target=True, reduction="sum") / ids.numel()


def lm_loss(student, _teacher, ids, _temperature):
    """Cross-entropy over positions 1 to T-1."""
    logits = student(input_ids=ids, use_cache=False).logits[:, :-1]
    return cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())


def train(student, teacher, ids, held_out, objective, options):
    """Trains `student` in place; what a run records: each loss is measured before its update."""
    optimizer = torch.optim.AdamW(
        student.parameters(), lr=options["lr"], betas=options["betas"], eps=1e-8,
        weight_decay=options["weight_decay"], foreach=False)
    run = {"loss": [], "lr": [], "gradient_norm": []}
    run["held_out"] = [window_losses(student, held_out).mean().item()]
    for step in range(options["steps"]):
        rows = [(step * options["batch"] + i) % len(ids) for i in range(options["batch"])]
        loss = objective(student, teacher, ids[rows], options["temperature"])
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(student.parameters(), options["clip"])
        for group in optimizer.param_groups:
            group["lr"] = schedule(options, step)
        optimizer.step()
        run["loss"].append(loss.item())
        run["lr"].append(schedule(options, step))
        run["gradient_norm"].append(norm.item())
    run["held_out"].append(window_losses(student, held_out).mean().item())
    return run
