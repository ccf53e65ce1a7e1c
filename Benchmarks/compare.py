#!/usr/bin/env python3
"""Times `pare bench` and the same work in PyTorch in turn, and prints their ratio.

    compare.py [WORK...] [--model MODEL] [--rounds N] [--batch N] [--length N] [--steps N]
               [--precision f32|bf16] [--threads N] [--json]

WORK is any of forward, importance, distill, generate; all four by default. One round is a fresh
process of each (A B A B): machines are shared, so an absolute time means nothing, and the medians
over the rounds are what to quote. The program is .build/release/pare, or $PARE; PyTorch's Python
is $PARE_PYTHON (`make bench` sets it), else python3; the model is $PARE_MODEL, else the cache's.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PARE = os.environ.get("PARE") or str(HERE.parent / ".build/release/pare")
PYTHON = os.environ.get("PARE_PYTHON") or "python3"
CACHE = pathlib.Path(os.environ.get("PARE_CACHE") or "~/.cache/pare").expanduser()
MODEL = os.environ.get("PARE_MODEL") or str(CACHE / "smollm2-135m.gguf")
WORK = ("forward", "importance", "distill", "generate")
BATCH = {"distill": 2, "generate": 1}  # elsewhere 4


class BenchmarkError(Exception):
    """A sentence for the user."""


def run(command):
    """What the command prints: the last line, one JSON object."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if result.returncode != 0:
            raise BenchmarkError(f"status {result.returncode} from: {' '.join(command)}")
        return json.loads(result.stdout.strip().splitlines()[-1])
    except (OSError, ValueError, IndexError) as error:
        raise BenchmarkError(f"{error}, from: {' '.join(command)}") from error


def arguments(work, options):
    values = {
        "batch": options.batch or BATCH.get(work, 4), "length": options.length,
        "steps": options.steps, "precision": options.precision, "threads": options.threads,
    }
    listed = [str(x) for name, v in values.items() for x in (f"--{name}", v)]
    return [work, options.model, *listed, "--json"]


def compare(work, options):
    """`{"ratio": ..., "pare": ..., "pytorch": ...}` over the rounds."""
    ours, theirs = [], []
    for number in range(options.rounds):
        given = arguments(work, options)
        ours.append(run([PARE, "bench", *given]))
        theirs.append(run([PYTHON, "-B", str(HERE / "pytorch.py"), *given]))
        rates = [r[-1]["tokens_per_second"] for r in (ours, theirs)]
        print(f"{work}, round {number + 1}: pare {rates[0]:.0f}, PyTorch {rates[1]:.0f} tokens/s",
              file=sys.stderr)
    rate = lambda runs: [r["tokens_per_second"] for r in runs]
    memory = lambda runs: statistics.median(r["peak_rss_bytes"] for r in runs)
    ratios = [a / b for a, b in zip(rate(ours), rate(theirs))]
    return {
        "work": work,
        "rounds": options.rounds,
        "ratio": statistics.median(ratios),
        "lowest_ratio": min(ratios),
        "pare_tokens_per_second": statistics.median(rate(ours)),
        "pytorch_tokens_per_second": statistics.median(rate(theirs)),
        "memory_ratio": memory(ours) / memory(theirs),
        "pare_peak_rss_bytes": memory(ours),
        "pytorch_peak_rss_bytes": memory(theirs),
    }


def main():
    parser = argparse.ArgumentParser(description="pare bench and PyTorch in turn.")
    parser.add_argument("work", nargs="*", metavar="WORK", help=", ".join(WORK))
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, help="4; 2 for distill, 1 for generate")
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--precision", choices=("f32", "bf16"), default="bf16")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    if unknown := set(options.work) - set(WORK):
        parser.error(f"no such work: {', '.join(sorted(unknown))}; there is {', '.join(WORK)}")
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    try:
        for work in options.work or WORK:
            result = compare(work, options)
            if options.json:
                print(json.dumps(result))
            else:
                print("{work}: {ratio:.2f} times PyTorch (lowest round {lowest_ratio:.2f}), "
                      "{pare_tokens_per_second:.0f} against {pytorch_tokens_per_second:.0f} "
                      "tokens/s; {memory_ratio:.2f} times its memory".format(**result))
    except BenchmarkError as error:
        print(f"compare: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
