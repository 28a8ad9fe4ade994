"""Draws how well embeddings distinguish objects before and after calibration.

Reads JSON from standard input: {"out": path, "same": [share of a bin], "different": [...], "mistaken": [x of the ROC
curves], "curves": {name: [share of same pairs found]}, "areas": {name: area under the curve}}. The bins divide the
distances from 0 to 1 evenly.
"""
import json
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib.figure import Figure
except ImportError as error:
    sys.exit(f"matplotlib is missing ({error})")

BLUE, ORANGE, GRAY = "#0072b2", "#d55e00", "#777777"  # Okabe and Ito 2008


def draw_histogram(axes, same, different):
    edges = [i / len(same) for i in range(len(same) + 1)]
    for shares, color, label in ((same, BLUE, "same object"), (different, ORANGE, "different objects")):
        axes.stairs([100 * share for share in shares], edges, fill=True, color=color, alpha=0.35)
        axes.stairs([100 * share for share in shares], edges, color=color, linewidth=1.6, label=label)
    axes.set(title="Distances after calibration", xlabel="distance (1 - cosine) / 2", ylabel="share of pairs (%)",
             xlim=(0, 1), ylim=(0, None))
    axes.legend(frameon=False)


def draw_roc(axes, mistaken, curves, areas):
    axes.plot([0, 100], [0, 100], color="#bbbbbb", linewidth=1, linestyle=":", label="chance")
    for (name, curve), color, style in zip(curves.items(), (GRAY, BLUE), ("--", "-")):
        axes.plot([100 * x for x in mistaken], [100 * y for y in curve], style, color=color, linewidth=2,
                  label=f"{name}: AUC {areas[name]:.3f}")
    axes.set(title="Same pairs found", xlabel="different pairs mistaken for the same object (%)",
             ylabel="same pairs found (%)", xlim=(0, 100), ylim=(0, 101), aspect="equal")
    axes.legend(loc="lower right", frameon=False)


def draw(given):
    matplotlib.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
                                "axes.grid": True, "grid.color": "#dddddd", "axes.axisbelow": True})
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": (1.35, 1)})
    draw_histogram(left, given["same"], given["different"])
    draw_roc(right, given["mistaken"], given["curves"], given["areas"])
    figure.savefig(given["out"], format="png", dpi=150, metadata={"Software": "onepass"})


def main():
    try:
        draw(json.load(sys.stdin))
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)  # one line


main()
