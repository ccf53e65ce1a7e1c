"""Makes `Tests/Fixtures/losses/`: what PyTorch says of every loss of a distillation.

    python3 Tests/Fixtures/losses.py        needs torch, transformers 5, safetensors, and models/

The teacher is the fixture model, the student its cut `width` of golden.json, the windows those of
golden.safetensors. Everything is computed in f64; the projection begins as a f32 matrix of the file.

NAME.safetensors (llama-tied, mistral)
    projection             f32 [teacher hidden, student hidden]   before the first step
    gradients.LOSS.WEIGHT  f32   d loss / d weight of the student at step 0, the first two windows;
                                 WEIGHT `projection` where the loss has one (llama-tied, and the
                                 losses of GRADIENTS)
NAME.json
    options                of the runs, as in golden.json
    runs.LOSS              weights (a number or "auto" for each term), pairs, temperature, k;
                           loss and gradient_norm of every step, terms.TERM of every step
"""

import json
import pathlib
import sys

# tokenizers.py beside this script bears a library's name: the library must be found first.
FIXTURES = pathlib.Path(__file__).resolve().parent
OWN = [p for p in sys.path if pathlib.Path(p or ".").resolve() == FIXTURES]
sys.path = [p for p in sys.path if p not in OWN]
import tokenizers  # noqa: E402, F401

sys.path += OWN

import torch  # noqa: E402
from safetensors import safe_open  # noqa: E402
from torch.nn.functional import cosine_similarity, cross_entropy, kl_div  # noqa: E402
from torch.nn.functional import log_softmax, mse_loss  # noqa: E402

import models  # noqa: E402
import models_oracle as oracle  # noqa: E402

HERE = FIXTURES / "losses"
NAMES = ("llama-tied", "mistral")
OPTIONS = {**models.OPTIONS, "weight_decay": 0.01}
PAIRS = [(-1, -1), (1, 0)]
# weights, and what differs from temperature 1, k 7
LOSSES = {
    "reverse_kl": ({"reverse_kl": 1.0}, {}),
    "reverse_kl-temperature-2": ({"reverse_kl": 1.0}, {"temperature": 2.0}),
    "mse": ({"mse": 1.0}, {}),
    "cosine": ({"cosine": 1.0}, {}),
    "topk_kl": ({"topk_kl": 1.0}, {}),
    "topk_kl-temperature-2": ({"topk_kl": 1.0}, {"temperature": 2.0, "k": 30}),
    "kl-cross_entropy": ({"kl": 1.0, "cross_entropy": 0.5}, {}),
    "every-logit-loss": ({"kl": 0.3, "reverse_kl": 0.2, "mse": 0.1, "cosine": 2.0, "topk_kl": 0.7,
                          "cross_entropy": 0.4}, {}),
    "hidden": ({"hidden": 0.8}, {}),
    "kl-hidden-auto": ({"kl": 1.0, "hidden": "auto"}, {}),
    "kl-hidden-embedding": ({"kl": 2.0, "cross_entropy": 0.5, "hidden": "auto",
                             "embedding": 1.5}, {}),
    "kl-states-auto": ({"kl": 1.0, "mse": 0.5, "hidden": "auto", "embedding": "auto"}, {}),
}
# Each term alone where it is new, and the ways to combine them.
GRADIENTS = ("reverse_kl", "mse", "cosine", "topk_kl", "every-logit-loss", "hidden",
             "kl-hidden-embedding", "kl-states-auto")


def states(model, ids):
    """Logits, the embedding's output, and the output of every layer before the final norm."""
    outputs = []
    hooks = [layer.register_forward_hook(
        lambda _m, _a, out: outputs.append(out[0] if isinstance(out, tuple) else out))
        for layer in model.model.layers]
    hooks.append(model.model.embed_tokens.register_forward_hook(
        lambda _m, _a, out: outputs.insert(0, out)))
    logits = model(input_ids=ids, use_cache=False).logits
    for hook in hooks:
        hook.remove()
    return logits, outputs[0], outputs[1:]


def term_values(weights, settings, student, teacher, projection, ids):
    """Each term before its weight."""
    with torch.no_grad():
        t, t_embedding, t_layers = states(teacher, ids)
        t_normed = [teacher.model.norm(x) for x in t_layers]
    s, s_embedding, s_layers = states(student, ids)
    rows, temperature = ids.numel(), settings["temperature"]

    def kl(target, ours):
        return kl_div(log_softmax(ours / temperature, -1), log_softmax(target / temperature, -1),
                      log_target=True, reduction="sum") / rows

    values = {}
    for name in weights:
        if name == "kl":
            values[name] = kl(t, s)
        elif name == "reverse_kl":
            values[name] = kl(s, t)
        elif name == "mse":
            values[name] = mse_loss(s, t)
        elif name == "cosine":
            values[name] = (1 - cosine_similarity(s, t, dim=-1)).mean()
        elif name == "topk_kl":
            top = t.topk(settings["k"], dim=-1)
            values[name] = kl(top.values, s.gather(-1, top.indices))
        elif name == "cross_entropy":
            values[name] = cross_entropy(s[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
        elif name == "hidden":
            values[name] = sum(
                mse_loss(student.model.norm(s_layers[b]) @ projection.T, t_normed[a])
                for a, b in PAIRS)
        elif name == "embedding":
            values[name] = mse_loss(s_embedding @ projection.T, t_embedding)
    return values


def total(weights, values):
    numbers = {k: w for k, w in weights.items() if w != "auto"}
    loss = sum(w * values[k] for k, w in numbers.items())
    automatic = [values[k] for k, w in weights.items() if w == "auto"]
    if automatic:
        on_logits = sum(w * values[k] for k, w in numbers.items()
                        if k not in ("cross_entropy", "hidden", "embedding"))
        loss = loss + (on_logits / sum(automatic)).detach() * sum(automatic)
    return loss


def run(weights, settings, student, teacher, projection, ids):
    """Eight steps of AdamW; also the gradients of the first."""
    uses_projection = "hidden" in weights or "embedding" in weights
    parameters = list(student.parameters()) + ([projection] if uses_projection else [])
    optimizer = torch.optim.AdamW(
        parameters, lr=OPTIONS["lr"], betas=OPTIONS["betas"], eps=1e-8,
        weight_decay=OPTIONS["weight_decay"], foreach=False)
    record = {"loss": [], "gradient_norm": [], "terms": {k: [] for k in weights}}
    first = {}
    for step in range(OPTIONS["steps"]):
        rows = [(step * OPTIONS["batch"] + i) % len(ids) for i in range(OPTIONS["batch"])]
        values = term_values(weights, settings, student, teacher, projection, ids[rows])
        loss = total(weights, values)
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            first = {n: p.grad.float().clone() for n, p in student.named_parameters()
                     if p.grad is not None}
            if uses_projection:
                first["projection"] = projection.grad.float().clone()
        norm = torch.nn.utils.clip_grad_norm_(parameters, OPTIONS["clip"])
        for group in optimizer.param_groups:
            group["lr"] = oracle.schedule(OPTIONS, step)
        optimizer.step()
        record["loss"].append(loss.item())
        record["gradient_norm"].append(norm.item())
        for name, value in values.items():
            record["terms"][name].append(value.item())
    return record, first


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    HERE.mkdir(exist_ok=True)
    for number, name in enumerate(NAMES):
        teacher = models.load(models.HERE / name)
        keep = json.loads((models.HERE / name / "golden.json").read_text())["pruned"]["width"]
        with safe_open(models.HERE / name / "golden.safetensors", "pt") as file:
            windows = file.get_tensor("windows")
        student = oracle.cut(teacher, keep["keep"])
        generator = torch.Generator().manual_seed(900 + number)
        wide, width = teacher.config.hidden_size, student.config.hidden_size
        projection = torch.randn((wide, width), generator=generator) / width**0.5
        tensors, golden = {"projection": projection}, {"options": OPTIONS, "runs": {}}
        for loss, (weights, changes) in LOSSES.items():
            settings = {"temperature": 1.0, "k": 7, **changes}
            with oracle.double_precision():
                matrix = projection.double().requires_grad_()
                record, first = run(weights, settings, models.double(student),
                                    models.double(teacher), matrix, windows)
            print(f"{name} {loss}: {record['loss'][0]:.5f} to {record['loss'][-1]:.5f}")
            golden["runs"][loss] = {"weights": weights, "pairs": PAIRS, **settings, **record}
            if name == "llama-tied" and loss in GRADIENTS:
                tensors |= {f"gradients.{loss}.{n}": g for n, g in first.items()}
        models.write_tensors(HERE / f"{name}.safetensors", tensors)
        models.write_json(HERE / f"{name}.json", golden)


if __name__ == "__main__":
    main()
