"""Draws what `Plots/gallery` shows with matplotlib, from the same numbers, beside Pare's own figures.

    make gallery && python3 Benchmarks/gallery.py OUT      needs matplotlib and safetensors

OUT takes one picture a kind: Pare's on the left, matplotlib's with its defaults on the right.
"""

import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm, TwoSlopeNorm
from safetensors.numpy import load_file

GALLERY = pathlib.Path(__file__).resolve().parent.parent / "Plots" / "gallery"
COLUMN, PAGE, DPI = 3.35, 6.9, 150


def heatmap(axes, data):
    image = axes.imshow(data["heads"], aspect="auto", norm=LogNorm(), interpolation="nearest")
    axes.set(title="Heads", xlabel="head", ylabel="layer")
    plt.colorbar(image, label="score")


def heatmap_large(axes, data):
    image = axes.imshow(data["neurons"], aspect="auto", norm=LogNorm(), cmap="magma", interpolation="nearest")
    axes.set(title="Neurons", xlabel="neuron", ylabel="layer")
    plt.colorbar(image)


def heatmap_named(axes, data):
    values = np.ma.masked_array(data["named"], data["mask"])
    reach = np.abs(values).max()
    image = axes.imshow(values, aspect="auto", cmap="RdBu_r", norm=TwoSlopeNorm(0, -reach, reach))
    axes.set_yticks(range(5), ["query", "key", "value", "output", "MLP"])
    axes.set_xticks(range(6), ["l2", "mean", "var", "max", "min", "sum"])
    for row in range(5):
        for column in range(6):
            if not data["mask"][row, column]:
                axes.text(column, row, f"{values[row, column]:.2f}", ha="center", va="center")
    axes.set_title("Change of the loss")
    plt.colorbar(image, label=r"$\Delta$ loss $\times 10^{-3}$")


def line(axes, data):
    loss = data["loss"]
    smooth, weight, norm = [], 0.0, 0.0
    for value in loss:
        weight, norm = 0.8 * weight + 0.2 * value, 0.8 * norm + 0.2
        smooth.append(weight / norm)
    axes.plot(loss, color="C0", alpha=0.3, linewidth=0.7)
    axes.plot(smooth, color="C0", label="KL to the teacher")
    axes.plot(*data["held_out"].T, "--s", color="C1", label="held-out loss")
    axes.axhline(data["table_loss"][0], color="gray", linestyle="--", label="teacher")
    axes.set(title="Distillation", xlabel="step", ylabel="loss (nats per token)")
    axes.legend()


def line_band(axes, data):
    y = data["layers"]
    axes.fill_between(range(len(y)), y * 0.8, y * 1.2, alpha=0.2)
    axes.plot(y)
    axes.set(title="Layers", xlabel="layer", ylabel=r"$1 - \cos(x_l, x_{l+1})$", yscale="log")


def bar_grouped(axes, _):
    rows = {"teacher": ([2.96, 3.00, 3.28], 0.05), "cut": ([3.58, 3.72, 4.30], 0.08),
            "distilled": ([3.20, 3.29, 3.75], 0.06)}
    for i, (name, (values, error)) in enumerate(rows.items()):
        axes.bar(np.arange(3) + 0.26 * i, values, 0.26, yerr=error, capsize=2, label=name)
    axes.set_xticks(np.arange(3) + 0.26, ["width", "depth", "both"])
    axes.set_ylabel("loss (nats per token)")
    axes.legend()


def histogram(axes, data):
    logs = {f"layer {i}": np.log(data["neurons"][i]) for i in (0, 12, 29)}
    edges = np.histogram_bin_edges(np.concatenate(list(logs.values())), "auto")
    for name, values in logs.items():
        axes.hist(values, edges, alpha=0.5, histtype="stepfilled", label=name)
    axes.set(title="Neurons", xlabel="logarithm of the score", ylabel="count")
    axes.legend()


def scatter(axes, data):
    x, y = data["neurons"].mean(1), data["heads"].mean(1)
    axes.scatter(x, y, s=12)
    for i in range(len(x)):
        axes.annotate(str(i), (x[i], y[i]), fontsize=7)
    axes.set(title="Layers", xlabel="mean score of neurons", ylabel="mean score of heads",
             xscale="log", yscale="log")


def depth_map(axes, data):
    image = axes.imshow(data["depth"], aspect="auto", norm=LogNorm(), interpolation="nearest",
                        extent=(0.5, len(data["depth"]) + 0.5, len(data["depth"]) - 0.5, -0.5))
    axes.set(title="Blocks of layers", xlabel="layers in the block", ylabel="first layer")
    plt.colorbar(image, label="1 − cosine across the block")


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    data = load_file(GALLERY / "data.safetensors")
    for draw in (heatmap, heatmap_large, heatmap_named, line, line_band, bar_grouped, histogram,
                 scatter, depth_map):
        name = draw.__name__
        ours = plt.imread(GALLERY / f"{name}_paper.png")
        width = PAGE if name == "heatmap_large" else COLUMN
        height = ours.shape[0] / ours.shape[1] * width
        figure, axes = plt.subplots(figsize=(width, height), dpi=DPI, layout="constrained")
        draw(axes, data)
        figure.canvas.draw()
        theirs = np.asarray(figure.canvas.buffer_rgba())[..., :3] / 255
        plt.close(figure)
        rows = min(ours.shape[0], theirs.shape[0])
        plt.imsave(out / f"{name}.png", np.hstack([ours[:rows, :, :3], theirs[:rows]]))
        print(out / f"{name}.png")


if __name__ == "__main__":
    main()
