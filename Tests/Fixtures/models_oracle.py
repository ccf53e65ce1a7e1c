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
from transformers.models.llama import modeling_llama
from transformers.models.mistral import modeling_mistral

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
    modules = (modeling_llama, modeling_mistral)
    for module in modules:
        module.torch = _DoubleTorch()
    try:
        yield
    finally:
        for module in modules:
            module.torch = torch


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

    keep_output("residual.0", model.model.embed_tokens)
    keep_output("final_norm", model.model.norm)
    for i, layer in enumerate(model.model.layers):
        keep_output(f"residual.{i + 1}", layer)
        keep_output(f"layers.{i}.input_norm", layer.input_layernorm)
        keep_input(f"layers.{i}.heads", layer.self_attn.o_proj)
        keep_output(f"layers.{i}.attention", layer.self_attn.o_proj)
        keep_output(f"layers.{i}.post_norm", layer.post_attention_layernorm)
        keep_output(f"layers.{i}.gate", layer.mlp.gate_proj)
        keep_input(f"layers.{i}.neurons", layer.mlp.down_proj)
        keep_output(f"layers.{i}.mlp", layer.mlp)
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
    streams = [activations[f"residual.{i}"].double() for i in range(len(model.model.layers) + 1)]
    pairs = zip(streams, streams[1:])
    scores["layers"] = torch.stack([1 - cosine_similarity(a, b, -1, 0).mean() for a, b in pairs])
    return scores


def layer_table(model, ids, metric):
    """Row: first layer of a block; column: its length - 1; NaN past the end. [L, L], float64."""
    count = len(model.model.layers)
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
    kv_heads = config.num_key_value_heads
    heads = sizes.get("heads", config.num_attention_heads)
    ffn = sizes.get("ffn", config.intermediate_size)
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
    config = copy.deepcopy(model.config)
    own_kv = config.num_key_value_heads == config.num_attention_heads
    hidden, size = torch.tensor(keep["hidden"]), config.head_dim
    config.hidden_size = len(hidden)
    config.intermediate_size = len(keep["ffn"][0])
    config.num_attention_heads = len(keep["heads"][0])
    config.num_hidden_layers = len(keep["layers"])
    if own_kv:
        config.num_key_value_heads = config.num_attention_heads
    if getattr(config, "layer_types", None):
        config.layer_types = [config.layer_types[i] for i in keep["layers"]]
    weights = {
        "model.embed_tokens.weight": source["model.embed_tokens.weight"][:, hidden],
        "model.norm.weight": source["model.norm.weight"][hidden],
        "lm_head.weight": source["lm_head.weight"][:, hidden],
    }
    for new, old in enumerate(keep["layers"]):
        rows = torch.tensor([h * size + d for h in keep["heads"][old] for d in range(size)])
        ffn = torch.tensor(keep["ffn"][old])
        kv_rows = rows if own_kv else slice(None)
        layer = {name[len(f"model.layers.{old}.") :]: w for name, w in source.items()
                 if name.startswith(f"model.layers.{old}.")}
        cuts = {
            "input_layernorm.weight": lambda w: w[hidden],
            "post_attention_layernorm.weight": lambda w: w[hidden],
            "self_attn.q_proj.weight": lambda w: w[rows][:, hidden],
            "self_attn.k_proj.weight": lambda w: w[kv_rows][:, hidden],
            "self_attn.v_proj.weight": lambda w: w[kv_rows][:, hidden],
            "self_attn.o_proj.weight": lambda w: w[:, rows][hidden],
            "mlp.gate_proj.weight": lambda w: w[ffn][:, hidden],
            "mlp.up_proj.weight": lambda w: w[ffn][:, hidden],
            "mlp.down_proj.weight": lambda w: w[:, ffn][hidden],
        }
        assert cuts.keys() == layer.keys()
        weights.update({f"model.layers.{new}.{name}": cuts[name](w) for name, w in layer.items()})
    return build(type(model), config, weights)


def without_layers(model, dropped):
    """The model without the layers whose numbers are in `dropped`."""
    config = model.config
    return cut(model, {
        "hidden": list(range(config.hidden_size)),
        "heads": [list(range(config.num_attention_heads))] * config.num_hidden_layers,
        "ffn": [list(range(config.intermediate_size))] * config.num_hidden_layers,
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
