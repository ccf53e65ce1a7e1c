"""What a distillation step should take on a graphics card, on paper: bytes and operations of every
kernel of the OpenCL device, and which of the card's two limits holds it. Nothing here is measured.

    python3 Benchmarks/card.py [--batch 4 --length 256 --bandwidth 3e12 --operations 60e12]

SmolLM2-135M, student and teacher of one size, f32; KL over the whole vocabulary, clipping, AdamW.
Bytes count each operand once a kernel: what a second pass over a row or a tile reads is in a cache.
What only a card can tell is left out: how near CLBlast comes to the arithmetic, whether attention's
sums fit the registers, and the thousand dependent rows that scatter_add_rows adds in their order.
"""

import argparse

LAYERS, HIDDEN, HEADS, GROUPS, SIZE, FFN, VOCABULARY = 30, 576, 9, 3, 64, 1536, 49152
CHUNK = 2048  # columns of the vocabulary that one product of the head makes


def products(tokens):
    """(rows, columns, inner) of every matrix product of a step, by what it is for."""
    kv = GROUPS * SIZE
    linear = [(HIDDEN, HIDDEN), (kv, HIDDEN), (kv, HIDDEN), (HIDDEN, HIDDEN)]
    linear += [(FFN, HIDDEN), (FFN, HIDDEN), (HIDDEN, FFN)]
    layer = [(tokens, out, inner) for out, inner in linear]
    inputs = [(tokens, inner, out) for out, inner in linear]
    weights = [(out, inner, tokens) for out, inner in linear]
    chunks = [min(CHUNK, VOCABULARY - first) for first in range(0, VOCABULARY, CHUNK)]
    logits = [(tokens, width, HIDDEN) for width in chunks]
    head = [(tokens, HIDDEN, width) for width in chunks] + [(w, HIDDEN, tokens) for w in chunks]
    return {
        "products: forward, teacher and student": 2 * LAYERS * layer,
        "products: backward, inputs": LAYERS * inputs,
        "products: backward, weights": LAYERS * weights,
        "products: head, four times the logits": 4 * logits,
        "products: head, backward": head,
    }


def parameters():
    kv = GROUPS * SIZE
    layer = 2 * HIDDEN * HIDDEN + 2 * HIDDEN * kv + 3 * HIDDEN * FFN + 2 * HIDDEN
    return LAYERS * layer + VOCABULARY * HIDDEN + HIDDEN


def kernels(batch, length):
    """(name, calls, bytes, operations) of everything that is no product."""
    tokens = batch * length
    x, f = 4 * tokens * HIDDEN, 4 * tokens * FFN
    qkv = 4 * tokens * (HEADS + 2 * GROUPS) * SIZE
    pairs = batch * HEADS * length * (length + 1) // 2 * SIZE  # a query, a key it sees, an element
    logits = 4 * tokens * VOCABULARY
    norms, weights = 2 * LAYERS + 1, 4 * parameters()
    return [
        ("attention", 2 * LAYERS, qkv + x, 4 * pairs),
        ("attention_gradient_queries", LAYERS, qkv + 2 * x, 6 * pairs),
        ("attention_gradient_keys", LAYERS, 2 * qkv + x, 8 * pairs),
        ("attention_delta", LAYERS, 2 * x, 2 * tokens * HIDDEN),
        ("rotary", 3 * LAYERS, 2 * 4 * tokens * (HEADS + GROUPS) * SIZE, 0),
        ("rms_norm", 2 * norms, 2 * x, 4 * tokens * HIDDEN),
        ("rms_norm_gradient", norms, 3 * x, 8 * tokens * HIDDEN),
        ("rms_norm_weight_gradient", norms, 2 * x, 3 * tokens * HIDDEN),
        ("swiglu", 2 * LAYERS, 3 * f, 20 * tokens * FFN),
        ("swiglu_gradient", LAYERS, 5 * f, 30 * tokens * FFN),
        ("add_f32", 6 * LAYERS, 3 * x, tokens * HIDDEN),
        ("divergence_update", 1, 5 * logits, 60 * tokens * VOCABULARY),
        ("divergence_gradient", 1, 3 * logits, 40 * tokens * VOCABULARY),
        ("gather_rows and scatter_add_rows", 3, 2 * x, tokens * HIDDEN),
        ("square_rows", 1, weights, 2 * parameters()),
        ("adam_w", 1, 7 * weights, 15 * parameters()),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--bandwidth", type=float, default=3e12)
    parser.add_argument("--operations", type=float, default=60e12)
    options = parser.parse_args()

    rows = []
    for name, shapes in products(options.batch * options.length).items():
        size = sum(4 * (m * k + k * n + m * n) for m, n, k in shapes)
        rows.append((name, len(shapes), size, sum(2 * m * n * k for m, n, k in shapes)))
        # CLBlast first copies both operands to the layout that its kernel reads.
        copies = sum(8 * (m * k + k * n) for m, n, k in shapes)
        rows.append((name.replace("products", "their copies"), 2 * len(shapes), copies, 0))
    for name, calls, size, operations in kernels(options.batch, options.length):
        rows.append((name, calls, calls * size, calls * operations))

    print("| kernel | calls | GB | GFLOP | by memory, ms | by arithmetic, ms | bound by |")
    print("|---|---|---|---|---|---|---|")
    total = arithmetic = 0.0
    for name, calls, size, operations in rows:
        memory = size / options.bandwidth * 1e3
        computing = operations / options.operations * 1e3
        total += max(memory, computing)
        arithmetic += computing
        bound = "memory" if memory > computing else "arithmetic"
        print(f"| {name} | {calls} | {size / 1e9:.2f} | {operations / 1e9:.1f} | {memory:.2f} "
              f"| {computing:.2f} | {bound} |")
    print(f"\nA step: {total:.1f} ms, of which {arithmetic:.1f} ms are arithmetic.")


main()
