#!/usr/bin/env python3
"""Times `pare bench` and the same work in PyTorch in turn, and prints their ratios beside the goals.

    compare.py [JOB...] [--model MODEL] [--rounds N] [--steps N] [--batch N] [--length N]
               [--threads N] [--isa avx2|baseline] [--json]

Without a JOB all those that have goals are run; --help lists the jobs. One round is a fresh process
of each (A B A B): machines are shared, so an absolute time means nothing, and the medians over the
rounds are what to quote. The program is .build/release/pare, or $PARE; PyTorch's Python is
$PARE_PYTHON (`make bench` sets it), else python3; the model is $PARE_MODEL, else the cache's.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PARE = os.environ.get("PARE") or str(HERE.parent / ".build/release/pare")
PYTHON = os.environ.get("PARE_PYTHON") or "python3"
CACHE = pathlib.Path(os.environ.get("PARE_CACHE") or "~/.cache/pare").expanduser()
MODEL = os.environ.get("PARE_MODEL") or str(CACHE / "smollm2-135m.gguf")

# What holds both sides to an older processor's instructions.
ISA = {
    "avx2": ({"PARE_ISA": "avx2"},
             {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
              "MKL_ENABLE_INSTRUCTIONS": "AVX2"}),
    "baseline": ({"PARE_ISA": "baseline"},
                 {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41",
                  "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}),
}


@dataclasses.dataclass(frozen=True)
class Job:
    """What is measured, and what must come out: times PyTorch's speed, times its memory, and the
    share of a step that its limit takes; None where there is no goal."""

    work: str
    precision: str
    batch: int = 4
    speed: float = None
    memory: float = None
    share: float = None


JOBS = {
    "forward": Job("forward", "bf16", speed=2.8, share=0.60),
    "importance": Job("importance", "bf16", speed=3.0, share=0.55),
    "distill": Job("distill", "bf16", batch=2, speed=3.0, memory=0.6, share=0.50),
    "distill-f32": Job("distill", "f32", batch=2, speed=1.4, memory=0.6, share=0.65),
    "generate": Job("generate", "bf16", batch=1, speed=2.0, share=0.60),
    "load-safetensors": Job("load", "f32", speed=5.0),
    "load-gguf": Job("load", "f32", speed=3.0),
    "forward-f32": Job("forward", "f32"),
    "importance-f32": Job("importance", "f32"),
    "generate-f32": Job("generate", "f32", batch=1),
}


class BenchmarkError(Exception):
    """A sentence for the user."""


def run(command, variables):
    """What the command prints: the last line, one JSON object."""
    try:
        result = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, **variables})
        if result.returncode != 0:
            raise BenchmarkError(f"status {result.returncode} from: {' '.join(command)}")
        return json.loads(result.stdout.strip().splitlines()[-1])
    except (OSError, ValueError, IndexError) as error:
        raise BenchmarkError(f"{error}, from: {' '.join(command)}") from error


def arguments(name, options, folder):
    """What both programs are told."""
    job = JOBS[name]
    model = folder if name == "load-safetensors" else options.model
    values = {
        "batch": options.batch or job.batch, "length": options.length, "steps": options.steps,
        "precision": job.precision, "threads": options.threads,
    }
    return [job.work, model, *(str(x) for k, v in values.items() for x in (f"--{k}", v)), "--json"]


def safetensors_folder(model, place):
    """The model as a Hugging Face folder in bf16."""
    folder = str(pathlib.Path(place) / "model")
    code = f"save(load({json.dumps(model)}), {json.dumps(folder)}, dtype=\"bf16\")"
    if subprocess.run([PARE, "-e", code], stdout=subprocess.DEVNULL).returncode != 0:
        raise BenchmarkError(f"{PARE} could not save {model} as a folder")
    return folder


def warm(path):
    """Brings the files of a model into the page cache."""
    path = pathlib.Path(path).expanduser()
    for file in path.iterdir() if path.is_dir() else [path]:
        with open(file, "rb") as opened:
            # In pieces: a child's largest resident set begins with its parent's.
            while opened.read(1 << 20):
                pass


def compare(name, options, folder):
    """The ratios and medians over the rounds."""
    job, ours, theirs = JOBS[name], [], []
    if name == "load-gguf" and not options.model.endswith(".gguf"):
        raise BenchmarkError(f"{options.model} is no .gguf")
    is_load = job.work == "load"
    given = arguments(name, options, folder)
    ours_set, theirs_set = ISA.get(options.isa, ({}, {}))
    for number in range(options.rounds):
        if is_load:
            warm(given[1])
        ours.append(run([PARE, "bench", *given], ours_set))
        theirs.append(run([PYTHON, "-B", str(HERE / "pytorch.py"), *given], theirs_set))
        last = [speed(r[-1]) for r in (ours, theirs)]
        print(f"{name}, round {number + 1}: pare {said(last[0], is_load)}, "
              f"PyTorch {said(last[1], is_load)}", file=sys.stderr, flush=True)
    # In a run of its own: what it times between the steps slows them.
    limited = None if is_load else run([PARE, "bench", *given, "--limit"], ours_set)
    median = lambda runs, value: statistics.median(value(r) for r in runs)
    memory = lambda runs: median(runs, lambda r: r["peak_rss_bytes"])
    ratios = [speed(a) / speed(b) for a, b in zip(ours, theirs)]
    return {
        "job": name,
        "rounds": options.rounds,
        "isa": options.isa,
        "ratio": statistics.median(ratios),
        "lowest_ratio": min(ratios),
        "pare_speed": median(ours, speed),
        "pytorch_speed": median(theirs, speed),
        "first_pass": None if not is_load else [
            median(runs, lambda r: r["first_pass_seconds"]) for runs in (ours, theirs)],
        "memory_ratio": None if is_load else memory(ours) / memory(theirs),
        "share_of_limit": None if is_load else limited["share_of_limit"],
    }


def speed(report):
    """Tokens a second, or for loading loads a second."""
    return report.get("tokens_per_second") or 1 / report["load_seconds"]


def said(value, is_load):
    return f"{1 / value:.3f} s" if is_load else f"{value:.0f} tokens/s"


def table(results, isa):
    """A Markdown table, each figure with its goal in brackets."""
    print("| job | Pare over PyTorch, median | lowest round | times its memory | limit's share "
          "of the step | Pare, PyTorch |")
    print("|---|---|---|---|---|---|")
    for result in results:
        job = JOBS[result["job"]]
        is_load = job.work == "load"
        # An older processor's goal is to be nowhere slower.
        least = 1.0 if isa or job.speed is None else job.speed
        memory, share = (None, None) if isa else (job.memory, job.share)
        number = lambda key, text: "–" if result[key] is None else text.format(result[key])
        goal = lambda value, text: "" if value is None else text.format(value)
        cells = [
            result["job"] if isa is None else f"{result['job']}, {isa}",
            f"{result['ratio']:.2f} × (≥ {least:g})",
            f"{result['lowest_ratio']:.2f} ×",
            number("memory_ratio", "{:.2f} ×") + goal(memory, " (≤ {:g})"),
            number("share_of_limit", "{:.0%}") + goal(share, " (≥ {:.0%})"),
            f"{said(result['pare_speed'], is_load)}, {said(result['pytorch_speed'], is_load)}",
        ]
        if result["first_pass"]:
            cells[-1] += "; to the end of a first pass {:.3f} s, {:.3f} s".format(
                *result["first_pass"])
        print(f"| {' | '.join(cells)} |")


def parse():
    with_goals = [name for name, job in JOBS.items() if job.speed is not None]
    parser = argparse.ArgumentParser(description="pare bench and PyTorch in turn.")
    parser.add_argument("job", nargs="*", metavar="JOB", help=", ".join(JOBS))
    parser.add_argument("--model", default=MODEL, help="a .gguf, which load-gguf needs, or a folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, help="4; 2 for distill, 1 for generate")
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--isa", choices=ISA, help="hold both sides to an older processor")
    parser.add_argument("--json", action="store_true", help="one object a line, no table")
    options = parser.parse_args()
    if unknown := set(options.job) - set(JOBS):
        parser.error(f"no such job: {', '.join(sorted(unknown))}; there is {', '.join(JOBS)}")
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    options.job = options.job or with_goals
    options.model = str(pathlib.Path(options.model).expanduser())
    return options


def main():
    options = parse()
    results = []
    try:
        with tempfile.TemporaryDirectory() as place:
            needs_folder = "load-safetensors" in options.job
            folder = safetensors_folder(options.model, place) if needs_folder else None
            for name in options.job:
                try:
                    results.append(compare(name, options, folder))
                except BenchmarkError as error:
                    print(f"compare: {name} is left out: {error}", file=sys.stderr)
                    continue
                if options.json:
                    print(json.dumps(results[-1]), flush=True)
    except BenchmarkError as error:
        print(f"compare: {error}", file=sys.stderr)
    if results and not options.json:
        table(results, options.isa)
    return 0 if len(results) == len(options.job) else 1


if __name__ == "__main__":
    sys.exit(main())
