"""Makes `Tests/Fixtures/ranks/kendall.json`: Kendall's tau-b as SciPy computes it.

    python3 Tests/Fixtures/kendall.py        needs numpy and scipy

    [{"x": [...], "y": [...], "tau": number or null where it is not defined}, ...]: without ties,
    with ties in either or both, all equal, two values, reversed, nearly sorted.
"""

import json
import pathlib

import numpy as np
from scipy.stats import kendalltau

PLACE = pathlib.Path(__file__).resolve().parent / "ranks" / "kendall.json"


def cases():
    generator = np.random.default_rng(4)
    yield [1.0, 2.0], [3.0, 4.0]
    yield [1.0, 2.0], [4.0, 3.0]
    yield [1.0, 1.0], [4.0, 3.0]
    yield [1.0, 2.0, 3.0], [5.0, 5.0, 5.0]
    for count in (3, 7, 9, 64, 100):
        yield generator.normal(size=count).round(6).tolist(), generator.normal(size=count).tolist()
        yield list(range(count)), [float(-value) for value in range(count)]
        nearly = np.arange(count) + generator.normal(scale=1.5, size=count)
        yield list(range(count)), nearly.round(6).tolist()
        few = [generator.integers(0, levels, count).tolist() for levels in (3, 5)]
        yield few[0], few[1]
        yield few[1], generator.normal(size=count).round(6).tolist()
        yield generator.normal(size=count).round(6).tolist(), few[0]


def main():
    PLACE.parent.mkdir(exist_ok=True)
    rows = []
    for x, y in cases():
        tau = float(kendalltau(x, y).statistic)
        x, y = ([round(float(value), 6) for value in side] for side in (x, y))
        rows.append({"x": x, "y": y, "tau": None if np.isnan(tau) else tau})
    PLACE.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    main()
