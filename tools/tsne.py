#!/usr/bin/python3
"""Plots embeddings in two dimensions with t-SNE: objects of similar appearance lie close together.

Reads a folder written by `onepass embed` (embeddings.npy, detections.csv and, with --crops, crops/) and writes an
image: the t-SNE of the rows, with crops framed in the color of their track or class. Needs Debian's python3-sklearn and
python3-matplotlib.

Examples:
  onepass embed --source PETS09-S2L1 --vid-stride 10 --model yolov8n.pt --classes person \\
    --tracks PETS09-S2L1/gt/gt.txt --crops --out people
  tools/tsne.py people --out people.png
  tools/tsne.py people --out classes.png --color class --most 500
"""
import argparse
import csv
import pathlib
import sys


def fail(message):
    sys.exit(message)


try:
    import matplotlib
    import numpy
    from sklearn.manifold import TSNE
except ImportError as error:
    fail(f"{error}; install python3-sklearn and python3-matplotlib and run this with /usr/bin/python3")

matplotlib.use("Agg")
from matplotlib import image, pyplot  # noqa: E402  (the backend must be set first)
from matplotlib.offsetbox import AnnotationBbox, OffsetImage  # noqa: E402


def read(folder):
    """Returns the embeddings (rows × length) and the matching rows of detections.csv."""
    for name in ("embeddings.npy", "detections.csv"):
        if not (folder / name).is_file():
            fail(f"{folder / name}: no such file; make it with onepass embed")
    try:
        values = numpy.load(folder / "embeddings.npy", allow_pickle=False)
    except ValueError as error:
        fail(f"{folder / 'embeddings.npy'}: {error}")
    with open(folder / "detections.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if values.ndim != 2 or len(values) != len(rows):
        fail(f"{folder}: embeddings of shape {values.shape}, but {len(rows)} detections; use files of one run")
    if not numpy.isfinite(values).all():
        fail(f"{folder / 'embeddings.npy'}: contains values that are not finite")
    return values, rows


def labels_of(rows, color):
    """The label that gives each row its color: its track if there are tracks, else its class."""
    if color == "auto":
        color = "track" if any(row["track"] for row in rows) else "class"
    if color == "track":
        return [f"track {row['track']}" if row["track"] else "no track" for row in rows]
    return [row["class_name"] or f"class {row['class']}" for row in rows]


def place(values, perplexity, seed):
    """t-SNE with cosine distance; reproducible for a given seed. Returns rows × 2."""
    if len(values) < 4:
        fail(f"only {len(values)} rows; t-SNE needs at least 4")
    perplexity = min(perplexity, (len(values) - 1) / 3)
    model = TSNE(metric="cosine", init="random", learning_rate="auto", perplexity=perplexity, random_state=seed)
    return model.fit_transform(values)


def plain(name):
    """A name as matplotlib shows it without reading formulas between dollar signs."""
    return name.replace("$", r"\$")


def draw(points, rows, labels, folder, out, size):
    names = sorted(set(labels), key=lambda name: (len(name), name))
    colors = {name: pyplot.cm.hsv(i / len(names)) for i, name in enumerate(names)}
    figure, axes = pyplot.subplots(figsize=(14, 11))
    dots = []
    for name in names:
        chosen = [i for i, label in enumerate(labels) if label == name]
        dots.append(axes.scatter(points[chosen, 0], points[chosen, 1], s=14, color=colors[name]))
    for i, row in enumerate(rows):
        crop = folder / "crops" / f"{int(row['row']):06}.jpg"
        if not crop.is_file():
            continue
        picture = image.imread(crop)
        thumbnail = OffsetImage(picture, zoom=size / max(picture.shape[:2]))
        frame = {"edgecolor": colors[labels[i]], "linewidth": 1.5, "boxstyle": "square,pad=0"}
        axes.add_artist(AnnotationBbox(thumbnail, points[i], pad=0, bboxprops=frame))
    if len(names) <= 40:
        legend = axes.legend(dots, ["label"] * len(names), loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8, frameon=False)
        for text, name in zip(legend.get_texts(), names):
            text.set_text(plain(name))  # as labels, names that begin with "_" would be hidden
    axes.set_axis_off()
    axes.set_title(f"{plain(folder.name)}: {len(rows)} embeddings, {len(names)} colors", fontsize=11)
    figure.savefig(out, dpi=110, bbox_inches="tight")


def main():
    parser = argparse.ArgumentParser(prog="tsne", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="folder written by onepass embed")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="image to write (.png, .pdf, .svg)")
    parser.add_argument("--color", choices=("auto", "track", "class"), default="auto")
    parser.add_argument("--most", type=int, default=1000,
                        help="maximum number of rows to draw, evenly sampled; default 1000")
    parser.add_argument("--thumbnail", type=float, default=36, help="longer side of a crop, in points; default 36")
    parser.add_argument("--perplexity", type=float, default=30, help="effective number of neighbors; default 30")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    values, rows = read(arguments.folder)
    step = max(1, -(-len(rows) // max(1, arguments.most)))
    values, rows = values[::step], rows[::step]
    labels = labels_of(rows, arguments.color)
    points = place(values, arguments.perplexity, arguments.seed)
    try:
        draw(points, rows, labels, arguments.folder, arguments.out, arguments.thumbnail)
    except Exception as error:
        fail(f"{arguments.out}: {' '.join(str(error).split())}")
    print(f"{arguments.out}: {len(rows)} embeddings")


if __name__ == "__main__":
    main()
