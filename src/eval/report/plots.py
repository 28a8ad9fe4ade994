"""Draws the charts of an evaluation report.

Reads JSON from standard input: {"trackers": [name], "classes": [{"files": {chart: path}, "alphas": [threshold],
"curves": {score: [values of a tracker]}, "sequences": [{"name", "frames", "scores": [{score: value} or null],
"switches": [[switch] or null]}]}]}, with one entry per tracker in every inner list; "frames" and "switches" are missing
for the combined scores. Writes every chart to its PNG file, and to standard output a JSON list with the charts of every
class as SVG, whose shapes have the class "tracker<index>".
"""
import io
import json
import math
import re
import sys
from html import escape

try:
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
except ImportError as error:
    sys.exit(f"matplotlib is missing ({error})")

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")  # Okabe and Ito 2008
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
INK, GRID = "#333333", "#dddddd"
WIDTH = 10  # inches
RIGHT = 0.35
LINE = 0.2  # height of a line of text, in inches

matplotlib.rcParams.update({
    "font.size": 9, "axes.titlesize": 11, "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "grid.color": GRID, "axes.axisbelow": True, "svg.fonttype": "none", "svg.hashsalt": "onepass"})


def color_of(tracker):
    return COLORS[tracker % len(COLORS)]


def marker_of(tracker):
    return MARKERS[tracker % len(MARKERS)]


def plain(name):
    """A name as matplotlib shows it without reading formulas between dollar signs."""
    return name.replace("$", r"\$")


class Chart:
    """A figure with a legend of the trackers; knows which tracker each of its shapes belongs to."""

    def __init__(self, trackers, description, height, left):
        columns = max(1, min(len(trackers), int(WIDTH / (0.09 * max(map(len, trackers)) + 0.5))))
        self.header = 0.65 + LINE * math.ceil(len(trackers) / columns)
        self.height, self.left, self.bottom = height + self.header + 0.5, left, 0.5
        self.description = description
        self.figure = Figure(figsize=(WIDTH, self.height))
        self.tags = {}
        self.figure.text(0.12 / WIDTH, 1 - 0.12 / self.height, description, size=12, weight="bold", va="top")
        handles = [Line2D([], [], color=color_of(i), marker=marker_of(i), linewidth=2, label="tracker")
                   for i in range(len(trackers))]
        legend = self.figure.legend(handles=handles, ncol=columns, loc="upper left", frameon=False, borderaxespad=0,
                                    bbox_to_anchor=(0.08 / WIDTH, 1 - 0.36 / self.height), borderpad=0.1)
        lines = getattr(legend, "legend_handles", None) or legend.legendHandles  # its name before matplotlib 3.7
        for i, (line, text) in enumerate(zip(lines, legend.get_texts())):
            text.set_text(plain(trackers[i]))  # as labels, names that begin with "_" would be hidden
            self.tag(line, i)
            self.tag(text, i)

    def panels(self, ratios):
        """Returns axes side by side, with the given ratios of widths; one unit of a ratio is equally wide in all."""
        return self.figure.subplots(1, len(ratios), sharey=True, squeeze=False, gridspec_kw={
            "width_ratios": ratios, "left": self.left / WIDTH, "right": 1 - RIGHT / WIDTH,
            "bottom": self.bottom / self.height, "top": 1 - self.header / self.height, "wspace": 0.16})[0]

    def tag(self, shape, tracker, title=""):
        key = f"tag{len(self.tags)}"
        shape.set_gid(key)
        self.tags[key] = f'<g class="tracker{tracker}">' + (f"<title>{escape(title)}</title>" if title else "")

    def save(self, path):
        """Writes the PNG file and returns the SVG."""
        dpi = 200 if self.height < 40 else 100
        self.figure.savefig(path, format="png", dpi=dpi, metadata={"Software": "onepass"})
        text = io.StringIO()
        self.figure.savefig(text, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        svg = text.getvalue()
        svg = re.sub(r'<g id="([^"]*)">', lambda found: self.tags.get(found[1], "<g>"), svg[svg.index("<svg"):])
        return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(self.description)}" ', 1)


def left_margin(names):
    return min(3.0, 0.3 + 0.078 * max(map(len, names)))


def plot_alphas(data, trackers):
    """HOTA, DetA and AssA over the threshold, one panel each, one line per tracker."""
    chart = Chart(trackers, "Scores over the IoU threshold α", 2.6, 0.6)
    for axes, (score, curves) in zip(chart.panels([1] * len(data["curves"])), data["curves"].items()):
        for i, curve in enumerate(curves):
            percent = [100 * value for value in curve]
            chart.tag(axes.plot(data["alphas"], percent, color=color_of(i), linewidth=1.6)[0], i)
            for alpha, value in zip(data["alphas"], percent):
                point = axes.plot([alpha], [value], marker_of(i), color=color_of(i), markersize=3.5)[0]
                chart.tag(point, i, f"{trackers[i]}: {score} {value:.2f} % at α = {alpha:.2f}")
        axes.set(title=score, xlim=(0, 1), ylim=(0, 100), xlabel="IoU threshold α")
        axes.tick_params(labelleft=True)
        axes.grid(axis="y")
    chart.figure.axes[0].set_ylabel("score (%)")
    return chart


def plot_sequences(data, trackers):
    """The scores of every sequence, one panel per score, one bar per tracker; 1 % is equally long in all panels."""
    sequences = data["sequences"]
    names = [sequence["name"] for sequence in sequences]
    scores = list(next(entry for entry in sequences[-1]["scores"] if entry))
    values = {score: [[entry and 100 * entry[score] for entry in sequence["scores"]] for sequence in sequences]
              for score in scores}
    starts = [max(-100, 20 * math.floor(min([0] + [v for row in values[score] for v in row if v is not None]) / 20))
              for score in scores]
    step = len(trackers) + 1  # bars and a gap
    chart = Chart(trackers, "Scores of every sequence", 0.16 * step * len(names), left_margin(names))
    for axes, score, start in zip(chart.panels([112 - start for start in starts]), scores, starts):
        for k, row in enumerate(values[score]):
            for i, value in enumerate(row):
                if value is None:
                    continue
                y = k * step + i
                bar = axes.barh(y, max(value, start), height=0.86, color=color_of(i))[0]
                chart.tag(bar, i, f"{names[k]}, {trackers[i]}: {score} {value:.3f} %")
                chart.tag(axes.text(max(value, 0) + 1, y, f"{value:.1f}", size=7, va="center_baseline"), i)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.axhline((len(names) - 1) * step - 1, color=INK, linewidth=0.8)  # above the combined scores
        axes.set(title=score, xlim=(start, 112), xticks=range(start, 101, 20), xlabel=f"{score} (%)",
                 ylim=(len(names) * step - 1, -1))
        axes.set_yticks([k * step + (len(trackers) - 1) / 2 for k in range(len(names))], map(plain, names))
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
    return chart


def plot_switches(data, trackers):
    """Identity switches over the frames of all sequences, one lane per sequence and tracker, on one time axis."""
    sequences = [sequence for sequence in data["sequences"] if "switches" in sequence]
    names = [sequence["name"] for sequence in sequences]
    last = max(2, max(sequence["frames"] for sequence in sequences))
    step = len(trackers) + 0.6  # lanes and a gap
    chart = Chart(trackers, "Identity switches over time", 0.19 * step * len(names), left_margin(names))
    axes = chart.panels([1])[0]
    for k, sequence in enumerate(sequences):
        for i, switches in enumerate(sequence["switches"]):
            if switches is None:
                continue
            y = k * step + i
            chart.tag(axes.plot([1, sequence["frames"]], [y, y], color=GRID, linewidth=1, zorder=1)[0], i)
            total = axes.text(sequence["frames"] + 0.012 * last, y, len(switches), size=7, va="center_baseline")
            chart.tag(total, i, f"{names[k]}, {trackers[i]}: number of identity switches")
            for frame, identity, old, new, before, after, worst in switches:
                title = (f"{names[k]}, {trackers[i]}, frame {frame}: identity {identity} goes from track {old} to {new};"
                         f" followed {before} frames before, {after} after")
                tick = axes.plot([frame, frame], [y - 0.32, y + 0.32], color=color_of(i), linewidth=1)[0]
                chart.tag(tick, i, title)
                if worst:
                    chart.tag(axes.plot([frame], [y], marker_of(i), color=color_of(i), markersize=4.5)[0], i, title)
    axes.set(xlim=(0, 1.04 * last), ylim=(len(names) * step - 0.5, -0.8), xlabel="frame (markers: the ten worst "
             "switches of a lane; right of a lane: its number of switches)")
    axes.set_yticks([k * step + (len(trackers) - 1) / 2 for k in range(len(names))], map(plain, names))
    axes.tick_params(axis="y", length=0)
    return chart


PLOTS = {"alphas": plot_alphas, "sequences": plot_sequences, "switches": plot_switches}


def main():
    try:
        given = json.load(sys.stdin)
        charts = [{name: plot(data, given["trackers"]).save(data["files"][name]) for name, plot in PLOTS.items()}
                  for data in given["classes"]]
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)  # one line
    json.dump(charts, sys.stdout)


main()
