#!/usr/bin/env python3
"""The work of `pare bench` in PyTorch and transformers, under the same options.

    pytorch.py forward|importance|distill|generate|load MODEL [--batch N] [--length N] [--steps N]
               [--precision f32|bf16] [--threads N] [--seed N] [--optimizer fused|foreach] [--json]

MODEL is a GGUF (dequantized to f32 on loading) or a Hugging Face folder. Throughput is tokens a
second, the median of the steps after one warm-up; memory is the process's peak resident set. bf16
is autocast over f32 weights, except in `generate`, which is given bf16 weights: autocast would
convert every weight again for every token.

    forward      hidden states of random ids, no head
    importance   the same with hooks for heads, neurons, channels and layers, in the default
                 aggregation only (pare keeps the sums of all nine)
    distill      the student is a copy of the teacher; forward KL over the whole vocabulary and all
                 positions, gradient norm clipped to 1, AdamW
    generate     128 greedy tokens after a prompt of 16, with a KV cache
    load         from_pretrained, into f32 as pare loads, all imports done before, and a first pass of one
                 window; a GGUF by transformers' own reader (`gguf_file=`), which needs accelerate
"""

import argparse
import copy
import json
import logging
import os
import pathlib
import resource
import statistics
import time

import torch
import transformers
from torch.nn.functional import cosine_similarity, kl_div, log_softmax

from llama_gguf import load_gguf


def load(path):
    path = pathlib.Path(path).expanduser()
    if path.suffix == ".gguf":
        return load_gguf(path)
    return transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()


def forward(model, ids, _options):
    def step():
        with torch.inference_mode():
            model.model(input_ids=ids, use_cache=False)

    return step, ids.numel()


class Scores:
    """Hooks that sum what the four rankings are made of."""

    def __init__(self, model):
        self.sums = {}
        self.heads = model.config.num_attention_heads
        for i, layer in enumerate(model.model.layers):
            layer.self_attn.o_proj.register_forward_pre_hook(self.read_heads(f"heads.{i}"))
            layer.mlp.down_proj.register_forward_pre_hook(
                lambda _, args, name=f"neurons.{i}": self.add(name, args[0]))
            for norm in (layer.input_layernorm, layer.post_attention_layernorm):
                norm.register_forward_hook(
                    lambda module, _, output: self.add(f"channels.{id(module)}", output))
            layer.register_forward_hook(self.read_layer(f"layers.{i}"))

    def add(self, name, values):
        """Sequence mean of |x|, squares summed over the batch."""
        score = values.float().abs().mean(1).square().sum(0)
        self.sums[name] = self.sums.get(name, 0) + score

    def read_heads(self, name):
        return lambda _, args: self.add(name, args[0].unflatten(-1, (self.heads, -1)).norm(dim=-1))

    def read_layer(self, name):
        def hook(_, args, output):
            after = output[0] if isinstance(output, tuple) else output
            score = 1 - cosine_similarity(args[0].float(), after.float(), dim=-1).mean()
            self.sums[name] = self.sums.get(name, 0) + score

        return hook


def importance(model, ids, options):
    Scores(model)
    return forward(model, ids, options)


def distill(teacher, ids, options):
    student = copy.deepcopy(teacher).train()
    teacher.requires_grad_(False)
    optimizer = torch.optim.AdamW(
        student.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.0,
        **{options.optimizer: True})

    def step():
        with torch.no_grad():
            target = teacher(input_ids=ids, use_cache=False).logits
        ours = student(input_ids=ids, use_cache=False).logits
        loss = kl_div(log_softmax(ours.float(), -1), log_softmax(target.float(), -1),
                      log_target=True, reduction="sum") / ids.numel()
        optimizer.zero_grad()
        with torch.autocast("cpu", enabled=False):
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()

    return step, ids.numel()


def generate(model, ids, options):
    if options.precision == "bf16":
        model.to(torch.bfloat16)
    prompt = ids[:, :16]
    settings = {"max_new_tokens": 128, "min_new_tokens": 128, "do_sample": False, "pad_token_id": 0}

    def step():
        with torch.inference_mode():
            model.generate(prompt, attention_mask=torch.ones_like(prompt), **settings)

    return step, 128 * len(ids)


WORK = {"forward": forward, "importance": importance, "distill": distill, "generate": generate}


def measure_load(options):
    """from_pretrained, once: a fresh process is what a user waits for."""
    path = pathlib.Path(options.model).expanduser()
    place, given = path, {}
    if path.suffix == ".gguf":
        import accelerate, gguf  # noqa: E401, F401
        place, given = path.parent, {"gguf_file": path.name}
    transformers.LlamaForCausalLM  # transformers imports a family where it is first named
    started = time.perf_counter()
    model = transformers.AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **given)
    load_seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ids = torch.randint(0, model.config.vocab_size, (1, options.length))
    with torch.inference_mode():
        model.model(input_ids=ids, use_cache=False)
    return {
        "work": "load",
        "load_seconds": load_seconds,
        "first_pass_seconds": time.perf_counter() - started,
        "peak_rss_bytes": peak,
        "threads": options.threads, "version": torch.__version__,
    }


def measure(options):
    started = time.perf_counter()
    model = load(options.model)
    load_seconds = time.perf_counter() - started
    generator = torch.Generator().manual_seed(options.seed)
    length = 16 if options.work == "generate" else options.length
    ids = torch.randint(0, model.config.vocab_size, (options.batch, length), generator=generator)
    step, tokens = WORK[options.work](model, ids, options)
    autocast = options.precision == "bf16" and options.work != "generate"
    seconds = []
    for _ in range(options.steps + 1):
        started = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            step()
        seconds.append(time.perf_counter() - started)
    return {
        "work": options.work,
        "tokens_per_second": tokens / statistics.median(seconds[1:]),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "step_seconds": seconds[1:],
        "load_seconds": load_seconds,
        "batch": options.batch, "length": length, "steps": options.steps,
        "precision": options.precision, "threads": options.threads, "seed": options.seed,
        "version": torch.__version__,
    }


def main():
    parser = argparse.ArgumentParser(description="The work of pare bench in PyTorch.")
    parser.add_argument("work", choices=(*WORK, "load"))
    parser.add_argument("model")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--optimizer", choices=("fused", "foreach"), default="fused")
    parser.add_argument("--json", action="store_true", help="one object on one line")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(options.threads)
    result = measure_load(options) if options.work == "load" else measure(options)
    if options.json:
        print(json.dumps(result))
    elif options.work == "load":
        print(f"{result['load_seconds']:.3f} s")
    else:
        print(f"{result['tokens_per_second']:.1f} tokens/s, "
              f"{result['peak_rss_bytes'] / 1e6:.0f} MB at the peak")


if __name__ == "__main__":
    main()
