"""Makes `Tests/Fixtures/training/`: what PyTorch says of schedules and parameter groups.

    python3 Tests/Fixtures/training.py      needs torch, transformers 5, safetensors

golden.json
    schedules.NAME   peak, floor, warmup, steps, decay; rates [steps], by torch's own schedulers: a
                     linear warm-up that reaches the peak with its last step, then what NAME says
    runs.NAME        the model (a folder of Tests/Fixtures/models) learns its `windows` by
                     cross-entropy in f64, batch 2 in order: options; loss and gradient_norm (before
                     clipping) of every step
                     decay-all        every weight decays
                     decay-matrices   weights of one axis are in a group without decay
"""

import json
import pathlib
import sys

# The library `tokenizers` before the script of that name beside this one.
sys.path.append(sys.path.pop(0))

import torch
import transformers
from safetensors.torch import load_file
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, LinearLR, SequentialLR

import models_oracle as oracle

HERE = pathlib.Path(__file__).resolve().parent
SCHEDULES = {
    "cosine": {"peak": 2e-3, "floor": 2e-4, "warmup": 3, "steps": 12, "decay": "cosine"},
    "linear": {"peak": 2e-3, "floor": 2e-4, "warmup": 3, "steps": 12, "decay": "linear"},
    "constant": {"peak": 2e-3, "floor": 2e-4, "warmup": 3, "steps": 12, "decay": "constant"},
    "linear-bare": {"peak": 1e-3, "floor": 0.0, "warmup": 0, "steps": 7, "decay": "linear"},
}
OPTIONS = {
    "steps": 6, "batch": 2, "lr": 1e-2, "min_lr": 1e-3, "warmup": 0, "schedule": "linear",
    "weight_decay": 3.0, "betas": [0.9, 0.95], "clip": 0.5,
}


def scheduler(optimizer, options):
    left = options["steps"] - options["warmup"]
    after = {
        "cosine": lambda: CosineAnnealingLR(optimizer, left, options["floor"]),
        "linear": lambda: LinearLR(optimizer, 1.0, options["floor"] / options["peak"], left),
        "constant": lambda: ConstantLR(optimizer, 1.0, left),
    }[options["decay"]]()
    warmup = options["warmup"]
    if warmup == 0:
        return after
    # LinearLR goes from the factor at its first step to 1 at step total_iters.
    before = LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1)
    return SequentialLR(optimizer, [before, after], [warmup])


def rates(options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=options["peak"])
    schedule = scheduler(optimizer, options)
    found = []
    for _ in range(options["steps"]):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


def train(folder, options, decay_norms):
    windows = load_file(folder / "golden.safetensors")["windows"]
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float64, attn_implementation="eager").eval()
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim == 1]
    decay = options["weight_decay"]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": decay},
         {"params": vectors, "weight_decay": decay if decay_norms else 0.0}],
        lr=options["lr"], betas=options["betas"], eps=1e-8, foreach=False)
    schedule = scheduler(
        optimizer,
        {"peak": options["lr"], "floor": options["min_lr"], "warmup": options["warmup"],
         "steps": options["steps"], "decay": options["schedule"]})
    run = {"loss": [], "gradient_norm": []}
    for step in range(options["steps"]):
        rows = [(step * options["batch"] + i) % len(windows) for i in range(options["batch"])]
        with oracle.double_precision():
            loss = oracle.lm_loss(model, None, windows[rows], 1.0)
            optimizer.zero_grad()
            loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), options["clip"])
        optimizer.step()
        schedule.step()
        run["loss"].append(loss.item())
        run["gradient_norm"].append(norm.item())
    return run


def main():
    torch.set_num_threads(1)
    folder = HERE / "models" / "llama-tied"
    golden = {
        "schedules": {
            name: {**options, "rates": rates(options)} for name, options in SCHEDULES.items()},
        "runs": {
            name: {"model": folder.name, "options": {**OPTIONS, "decay_norms": decay_norms},
                   **train(folder, OPTIONS, decay_norms)}
            for name, decay_norms in {"decay-all": True, "decay-matrices": False}.items()},
    }
    place = HERE / "training"
    place.mkdir(exist_ok=True)
    (place / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
