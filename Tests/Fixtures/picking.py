"""Makes `Tests/Fixtures/tensors/picking.json`: what NumPy makes of indices by lists and masks.

    python3 Tests/Fixtures/picking.py        needs numpy

The array is 0..23 in the shape [2, 3, 4]. An index is the text between the brackets, the same in NumPy
and in the language.

    reads       [index, shape, elements]; shape is null where NumPy moves the picked axes to the front,
                which the language refuses, or where the lists do not broadcast
    writes      [index, elements of the array after array[index] = -1, -2, ... broadcast from the last axis]
"""

import itertools
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent / "tensors"
SHAPE = (2, 3, 4)
LISTS = ("[0, -1]", "[1]", "[[0], [1]]", "[1, 0, 1]")
MASKS = {2: "[True, False]", 3: "[True, False, True]", 4: "[False, True, True, False]"}


def indices():
    axes = [("1", ":", "::-2", "None") + LISTS + (MASKS[size],) for size in SHAPE]
    yield from (tuple(part) for length in (1, 2, 3) for part in itertools.product(*axes[:length]))
    for part in LISTS:
        yield from (("...", part), ("...", part, "1"), (part, "..."), ("None", "...", part))
    yield ("[[True, False, True], [False, False, True]]",)
    yield ("[[True, False, True], [False, False, True]]", "[1]")
    yield ("1", "[[True, False, True, False], [False] * 4, [True] * 4]")
    yield ("[]",)
    yield (":", "[]")


def is_refused(parts):
    picked = [part[0] in "[1" for part in parts]
    first, last = picked.index(True), len(picked) - 1 - picked[::-1].index(True)
    return not all(picked[first:last + 1])


def main():
    array = np.arange(24).reshape(SHAPE)
    reads, writes = [], []
    for parts in indices():
        if not any(part[0] == "[" for part in parts):
            continue
        index = ", ".join(parts)
        try:
            value = eval(f"array[{index}]")
        except IndexError:
            # A mask is made for one axis alone; None in front of it moves it to another.
            if "broadcast" in str(eval_error(array, index)):
                reads.append([index, None, None])
            continue
        if is_refused(parts):
            reads.append([index, None, None])
            continue
        reads.append([index, list(value.shape), value.ravel().tolist()])
        if value.ndim and value.size and len(reads) % 5 == 0:
            target = array.copy()
            new = -np.arange(1, value.shape[-1] + 1)
            exec(f"target[{index}] = new")
            writes.append([index, value.shape[-1], target.ravel().tolist()])
    rows = ",\n".join(json.dumps(row) for row in reads)
    marks = ",\n".join(json.dumps(row) for row in writes)
    text = f'{{"reads": [\n{rows}],\n"writes": [\n{marks}]}}\n'
    (HERE / "picking.json").write_text(text)


def eval_error(array, index):
    try:
        eval(f"array[{index}]")
    except IndexError as error:
        return error


if __name__ == "__main__":
    main()
