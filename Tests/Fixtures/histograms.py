"""Makes `Tests/Fixtures/figures/histograms.json`: what NumPy makes of numbers in bins.

    python3 Tests/Fixtures/histograms.py        needs numpy

A case is [values, bins, edges, counts, densities].
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent / "figures"


def main():
    generator = np.random.default_rng(5)
    samples = [generator.standard_normal(60), generator.exponential(2.0, 90),
               generator.integers(0, 6, 50).astype(float), np.array([3.0, 3.0]), np.array([1.0, 2.0])]
    cases = []
    for values in samples:
        values = np.round(values, 4)
        for bins in (1, 4, 10, 17):
            counts, edges = np.histogram(values, bins=bins)
            densities, _ = np.histogram(values, bins=bins, density=True)
            cases.append([values.tolist(), bins, edges.tolist(), counts.tolist(), densities.tolist()])
    HERE.mkdir(exist_ok=True)
    (HERE / "histograms.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
