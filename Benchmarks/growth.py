#!/usr/bin/env python3
"""How the importance pass and the distillation step grow: their time and peak memory against the
batch, the length of windows and the size of the model, on models of random weights.

    growth.py [--steps N] [--largest MILLIONS] [--precision f32|bf16] [--threads N] [--plots FOLDER]

Writes growth.csv and growth_*.png, which Pare draws, to the folder (Plots), and prints a Markdown
table. Every point is a process of its own; one that this machine's memory cannot hold is left out and
said. Models are Llama-like: a vocabulary of 16,384 ids, tied, heads of 64. The program is
.build/release/pare, or $PARE.
"""

import argparse
import csv
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PARE = os.environ.get("PARE") or str(HERE.parent / ".build/release/pare")
VOCAB = 16384

# Millions of parameters: layers, hidden, neurons, heads, key-value heads.
SIZES = {
    10: (8, 256, 768, 4, 2),
    27: (12, 384, 1152, 6, 2),
    99: (20, 640, 1792, 10, 2),
    252: (24, 960, 2560, 15, 5),
    503: (28, 1280, 3456, 20, 4),
}
# What each sweep measures: (size, batch, length).
SWEEPS = {
    "batch": [(27, batch, 256) for batch in (1, 2, 4, 8, 16)],
    "length": [(27, 1, length) for length in (128, 256, 512, 1024, 2048, 4096)],
    "size": [(size, 2, 256) for size in SIZES],
}
AXES = {
    "batch": ("batch", "windows of 256 tokens"),
    "length": ("length", "tokens of one window"),
    "size": ("size", "million parameters"),
}
WORK = ("importance", "distill")
COLUMNS = ("sweep", "work", "size", "batch", "length", "seconds", "peak_bytes")


def config(size):
    """A config.json of that many million parameters."""
    layers, hidden, ffn, heads, kv_heads = SIZES[size]
    return {
        "model_type": "llama", "vocab_size": VOCAB, "hidden_size": hidden,
        "intermediate_size": ffn, "num_hidden_layers": layers, "num_attention_heads": heads,
        "num_key_value_heads": kv_heads, "head_dim": 64, "hidden_act": "silu",
        "max_position_embeddings": 8192, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
        "tie_word_embeddings": True,
    }


def available():
    """Bytes of memory that this machine can still give."""
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return math.inf


def needed(work, size, tokens):
    """About how many bytes a run takes: f32 weights with packed copies of them, for a step also the
    student, its gradient and two moments; and what is kept of every token."""
    layers, hidden, ffn, _, _ = SIZES[size]
    copies = 7 if work == "distill" else 1.5
    return size * 1e6 * 4 * copies + tokens * layers * (8 * hidden + 4 * ffn) * 4


def measure(work, size, batch, length, options, folder):
    """A row without its sweep; None where memory is short."""
    if needed(work, size, batch * length) > available():
        print(f"left out: {work} of {size}M, {batch} x {length}: too little memory",
              file=sys.stderr)
        return None
    model = folder / f"{size}.json"
    model.write_text(json.dumps(config(size)))
    command = [PARE, "bench", work, model, "--batch", batch, "--length", length, "--steps",
               options.steps, "--precision", options.precision, "--threads", options.threads,
               "--json"]
    result = subprocess.run([str(x) for x in command], stdout=subprocess.PIPE, text=True)
    if result.returncode != 0:
        print(f"left out: status {result.returncode} from: {' '.join(map(str, command))}",
              file=sys.stderr)
        return None
    report = json.loads(result.stdout)
    # The fastest step: growth is a property of the work, and a neighbour's work only adds.
    return {"work": work, "size": size, "batch": batch, "length": length,
            "seconds": min(report["step_seconds"]), "peak_bytes": report["peak_rss_bytes"]}


def sweep(options, folder):
    """All rows; a point that two sweeps share is measured once."""
    rows, known = [], {}
    points = [(name, work, *point) for name, points in SWEEPS.items() for work in WORK
              for point in points]
    for name, work, size, batch, length in points:
        if size > options.largest:
            continue
        key = (work, size, batch, length)
        if key not in known:
            known[key] = measure(*key, options, folder)
            if known[key]:
                print(f"{work}, {size}M, {batch} x {length}: {known[key]['seconds']:.3f} s, "
                      f"{known[key]['peak_bytes'] / 1e6:.0f} MB", file=sys.stderr, flush=True)
        if known[key]:
            rows.append({"sweep": name, **known[key]})
    return rows


def start_up():
    """Seconds of `pare -e 1` from its start to its end: the median of 11."""
    seconds = []
    for _ in range(11):
        started = time.perf_counter()
        subprocess.run([PARE, "-e", "1"], stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def exponent(xs, ys):
    """p of the power y = c x^p that fits best."""
    xs, ys = [math.log(x) for x in xs], [math.log(y) for y in ys]
    if len(set(xs)) < 2:
        return math.nan
    return statistics.linear_regression(xs, ys).slope


def draw(rows, plots, folder):
    """The figures, by Pare's own functions."""
    lines = []
    for name, (axis, label) in AXES.items():
        for quantity, unit, scale in (("seconds", "seconds", 1), ("peak_bytes", "GB", 1e-9)):
            series = {work: [(r[axis], r[quantity] * scale) for r in rows
                             if r["sweep"] == name and r["work"] == work] for work in WORK}
            series = {work: points for work, points in series.items() if points}
            if not series:
                continue
            side = lambda i: json.dumps({work: [p[i] for p in s] for work, s in series.items()})
            kind = "time" if quantity == "seconds" else "memory"
            title = "Time of a step" if quantity == "seconds" else "Peak memory"
            path = json.dumps(str(plots / f"growth_{name}_{kind}.png"))
            lines.append(f"save(scatter({side(0)}, {side(1)}, title=\"{title}\", "
                         f"xlabel=\"{label}\", ylabel=\"{unit}\", log=True), {path})")
    script = folder / "figures.pare"
    script.write_text("\n".join(lines) + "\n")
    if subprocess.run([PARE, "run", str(script)], stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("growth: Pare could not draw the figures")


def table(rows, options):
    """The Markdown table, and what the numbers grow by."""
    print("| growing | work | model | batch × length | seconds a step | µs a token | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        tokens = row["batch"] * row["length"]
        print(f"| {row['sweep']} | {row['work']} | {row['size']}M | {row['batch']} × "
              f"{row['length']} | {row['seconds']:.3f} | {row['seconds'] / tokens * 1e6:.0f} | "
              f"{row['peak_bytes'] / 1e6:.0f} |")
    print(f"\nProducts in {options.precision}. Fitted powers of what grows, and memory from the "
          "smallest point to the largest:\n")
    for name, (axis, _) in AXES.items():
        for work in WORK:
            found = [r for r in rows if r["sweep"] == name and r["work"] == work]
            if len(found) < 2:
                continue
            xs = [r[axis] for r in found]
            power = exponent(xs, [r["seconds"] for r in found])
            unit = {"batch": "window", "length": "token", "size": "million parameters"}[name]
            rise = (found[-1]["peak_bytes"] - found[0]["peak_bytes"]) / (xs[-1] - xs[0])
            print(f"- {work} against {name}: time ~ {name}^{power:.2f}; memory + {rise / 1e6:.3f} "
                  f"MB a {unit}")


def main():
    parser = argparse.ArgumentParser(description="How time and memory grow.")
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--largest", type=int, default=max(SIZES), help="millions of parameters")
    parser.add_argument("--precision", choices=("f32", "bf16"), default="bf16")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--plots", type=pathlib.Path, default=HERE.parent / "Plots")
    options = parser.parse_args()
    options.plots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        rows = sweep(options, pathlib.Path(place))
        if not rows:
            sys.exit("growth: nothing was measured")
        with open(options.plots / "growth.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        draw(rows, options.plots, pathlib.Path(place))
    table(rows, options)
    print(f"- `pare -e 1`, which opens no checkpoint: {start_up() * 1000:.0f} ms")


if __name__ == "__main__":
    main()
