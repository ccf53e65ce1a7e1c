"""Makes `Tests/Fixtures/tensors/numpy.json`: what NumPy and PyTorch say of the tensors' rules.

    python3 Tests/Fixtures/numpy_rules.py        needs numpy and torch

    slices      [start, end, step, elements chosen from 0..4] for bounds inside and far outside
    broadcast   [shape, shape, result or null]
    floats      two lists of f32 and, by operation, what it makes of each pair
    integers    the same of i64
    reductions  a 3 x 4 matrix with NaNs and ties and, by operation and axis, the result
    adamw       a parameter under AdamW: options, gradients and the parameter after each step, in f64
"""

import itertools
import json
import pathlib
import warnings

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent / "tensors"
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
    "power": np.power, "floorDivide": np.floor_divide, "remainder": np.remainder,
    "minimum": np.minimum, "maximum": np.maximum, "equal": np.equal, "notEqual": np.not_equal,
    "less": np.less, "lessOrEqual": np.less_equal, "greater": np.greater,
    "greaterOrEqual": np.greater_equal,
}
INTEGERS = ("add", "subtract", "multiply", "minimum", "maximum", "floorDivide", "remainder", "less")


def slices():
    bounds = (None, -7, -5, -2, -1, 0, 2, 5, 7)
    steps = (None, 1, 2, 7, -1, -2, -7, 2**63 - 1)
    line = list(range(5))
    return [[a, b, s, line[slice(a, b, s)]] for a, b, s in itertools.product(bounds, bounds, steps)]


def broadcast():
    shapes = ([], [1], [3], [4], [1, 3], [3, 1], [2, 3], [2, 1, 3], [0], [0, 3], [4, 1, 1])
    rows = []
    for a, b in itertools.product(shapes, shapes):
        try:
            rows.append([a, b, list(np.broadcast_shapes(tuple(a), tuple(b)))])
        except ValueError:
            rows.append([a, b, None])
    return rows


def pairs(values, operations, dtype):
    left, right = (np.array(side, dtype) for side in zip(*itertools.product(values, values)))
    if dtype == np.int64:
        left, right = left[right != 0], right[right != 0]
    results = {name: BINARY[name](left, right).tolist() for name in operations}
    return {"left": left.tolist(), "right": right.tolist(), "results": results}


def reductions():
    nan = float("nan")
    matrix = np.array([[1, 5, 5, -2], [nan, 3, nan, 0], [-1, -1, 2, 2]], np.float32)
    clean = np.nan_to_num(matrix, nan=4)
    results = {}
    for name, source in (("nan", matrix), ("clean", clean)):
        for operation in ("sum", "mean", "max", "min", "var", "argmax", "argmin", "any", "all"):
            for axis in (None, 0, 1, -1):
                value = getattr(source, operation)(axis=axis)
                results[f"{name}.{operation}.{axis}"] = np.asarray(value).ravel().tolist()
        for axis in (None, 0, 1):
            norm = np.linalg.norm(source if axis is not None else source.ravel(), axis=axis)
            results[f"{name}.norm.{axis}"] = np.asarray(norm).ravel().tolist()
    return {"nan": matrix.ravel().tolist(), "clean": clean.ravel().tolist(), "results": results}


def adamw():
    generator = torch.Generator().manual_seed(7)
    runs = []
    for clip, decay, betas in ((None, 0.0, (0.9, 0.95)), (0.5, 0.1, (0.8, 0.99))):
        parameter = torch.nn.Parameter(torch.randn(5, generator=generator).double())
        start = parameter.tolist()
        optimizer = torch.optim.AdamW([parameter], lr=1.0, betas=betas, eps=1e-8, weight_decay=decay)
        steps = []
        for rate in (0.1, 0.05, 0.02):
            gradient = torch.randn(5, generator=generator)
            parameter.grad = gradient.double()
            norm = parameter.grad.norm().item()
            if clip:
                torch.nn.utils.clip_grad_norm_([parameter], clip)
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
            steps.append({"rate": rate, "gradient": gradient.tolist(), "norm": norm,
                          "after": parameter.tolist()})
        runs.append({"clip": clip, "decay": decay, "betas": betas, "start": start, "steps": steps})
    return runs


def main():
    warnings.simplefilter("ignore")
    HERE.mkdir(exist_ok=True)
    special = (0.0, 1.0, -1.0, 2.5, -2.5, 3.0, float("inf"), float("-inf"), float("nan"))
    whole = (0, 1, -1, 2, -3, 7, -7)
    rules = {
        "slices": slices(), "broadcast": broadcast(), "floats": pairs(special, BINARY, np.float32),
        "integers": pairs(whole, INTEGERS, np.int64), "reductions": reductions(), "adamw": adamw(),
    }
    text = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rules.items())
    (HERE / "numpy.json").write_text("{\n" + text + "\n}\n")


if __name__ == "__main__":
    main()
