"""Makes `Tests/Fixtures/tensors/orders.json`: what NumPy and PyTorch make of orders, running sums and
log-softmax.

    python3 Tests/Fixtures/orders.py        needs numpy and torch

A case is [input, shape, operation, axis or k, output]; topk's output is [values, places]. NaN is null.
"""

import json
import math
import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent / "tensors"


def plain(array):
    values = np.asarray(array).reshape(-1).tolist()
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def cases():
    generator = np.random.default_rng(3)
    floats = generator.standard_normal((3, 4, 5)).astype(np.float32)
    floats[0, 1, 2] = floats[2, 0, 0] = np.nan
    ties = generator.integers(0, 4, (4, 6))
    large = generator.integers(-2**62, 2**62, (5,))
    for array in (floats, ties, large, floats[0, 0], np.zeros((2, 0), np.float32)):
        for axis in range(-1, array.ndim):
            yield array, "sort", axis, plain(np.sort(array, axis, kind="stable"))
            yield array, "argsort", axis, plain(np.argsort(array, axis, kind="stable"))
            yield array, "cumsum", axis, plain(np.cumsum(array, axis, dtype=array.dtype))
        yield array, "cumsum", None, plain(np.cumsum(array, dtype=array.dtype))
    for array in (generator.permutation(24).reshape(4, 6), generator.standard_normal((2, 9)).astype(np.float32)):
        for k in (0, 1, 3):
            values, places = torch.topk(torch.tensor(array), k)
            yield array, "topk", k, [plain(values), plain(places)]
    logits = (20 * generator.standard_normal((6, 11))).astype(np.float32)
    yield logits, "log_softmax", None, plain(torch.log_softmax(torch.tensor(logits), -1))
    targets = [0, 10, 3, 3, 7, 1]
    yield logits, "cross_entropy", targets, plain(
        torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(targets)))


def main():
    lines = [json.dumps([plain(array), list(array.shape), name, option, output])
             for array, name, option, output in cases()]
    (HERE / "orders.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
