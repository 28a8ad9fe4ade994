#!/usr/bin/env python3
"""Scores result files with the package trackeval, as an independent reference, and prints the scores as JSON.

usage: trackeval_scores.py GT RESULTS [--benchmark MOT17] [--no-preprocessing]

GT holds SEQ/gt/gt.txt and SEQ/seqinfo.ini, RESULTS holds TRACKER/SEQ.txt. For --benchmark KITTI, GT holds label_02/SEQ.txt
and evaluate_tracking.seqmap.training, for BDD100K SEQ.json; RESULTS holds TRACKER/data/SEQ.txt or .json, and there is
one more level in the scores, the classes. The benchmark may also be MOTS20, or "rotated": MOTChallenge files whose
columns 11 to 15 are a rotated box. Prints
{"seconds": time of the evaluation alone, "scores": {tracker: {sequence or COMBINED: {family: {field: value}}}}}
or {"error": message of trackeval}.
"""
import argparse
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402

for name, kind in (("float", float), ("int", int), ("bool", bool)):  # aliases that newer versions of numpy lack
    if name not in np.__dict__:
        setattr(np, name, kind)
import trackeval  # noqa: E402

QUIET = {"PRINT_CONFIG": False}


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value


def numbered(source, target):
    """Copies a folder; in text files, the box of every row becomes its number, and the rotated box goes to a table."""
    table = []
    shutil.copytree(source, target)
    for folder, _, names in os.walk(target):
        for name in names:
            if not name.endswith(".txt"):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                rows = [line.strip().split(",") for line in file if line.strip()]
            for row in rows:
                table.append(np.array(row[10:15], dtype=np.float32).astype(float))
                row[2:6] = [str(len(table) - 1), "0", "1", "1"]
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(",".join(row[:10]) + "\n" for row in rows)
    return table


def corners(box):
    """The corners of a rotated box as complex numbers, in order around it."""
    x, y, width, height, angle = box
    turn = complex(np.cos(angle), np.sin(angle))
    halves = (complex(-width, -height), complex(width, -height), complex(width, height), complex(-width, height))
    return [complex(x, y) + turn * half / 2 for half in halves]


def side(a, b, point):
    return ((b - a).conjugate() * (point - a)).imag


def common_area(first, second):
    """Area of the intersection of two convex polygons: that of the hull of all corners inside, and of crossings."""
    points = [p for p in first if all(side(second[i - 1], second[i], p) >= 0 for i in range(4))]
    points += [p for p in second if all(side(first[i - 1], first[i], p) >= 0 for i in range(4))]
    for i in range(4):
        for j in range(4):
            a, b, c, d = first[i - 1], first[i], second[j - 1], second[j]
            from_side, to_side = side(c, d, a), side(c, d, b)
            if (from_side > 0) == (to_side > 0) or (side(a, b, c) > 0) == (side(a, b, d) > 0):
                continue
            points.append(a + (b - a) * from_side / (from_side - to_side))
    if len(points) < 3:
        return 0.0
    middle = sum(points) / len(points)
    points.sort(key=lambda p: np.angle(p - middle))
    return sum((points[i - 1].conjugate() * points[i]).imag for i in range(len(points))) / 2


def rotated_iou(a, b):
    common = common_area(corners(a), corners(b))
    return common / (a[2] * a[3] + b[2] * b[3] - common) if common > 0 else 0.0


class RotatedBoxes(trackeval.datasets.MotChallenge2DBox):
    """Boxes whose left side is a number in one of two tables of rotated boxes."""

    def __init__(self, config, tables):
        super().__init__(config)
        self.tables = tables

    def _calculate_similarities(self, gt_dets_t, tracker_dets_t):
        return np.array(
            [[rotated_iou(self.tables["gt"][int(g[0])], self.tables["tracker"][int(t[0])]) for t in tracker_dets_t]
             for g in gt_dets_t]
        ).reshape(len(gt_dets_t), len(tracker_dets_t))


def make_evaluator():
    return trackeval.Evaluator(
        dict(
            QUIET, PRINT_RESULTS=False, TIME_PROGRESS=False, OUTPUT_SUMMARY=False, OUTPUT_DETAILED=False,
            PLOT_CURVES=False, BREAK_ON_ERROR=True, LOG_ON_ERROR=None,
        )
    )


def metrics():
    return [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(QUIET), trackeval.metrics.Identity(QUIET)]


def evaluate_driving(arguments, output):
    """Scores by class for the benchmarks of driving scenes."""
    names = {"KITTI": "Kitti2DBox", "BDD100K": "BDD100K"}
    make = getattr(trackeval.datasets, names[arguments.benchmark])
    dataset = make(
        dict(QUIET, GT_FOLDER=arguments.gt, TRACKERS_FOLDER=arguments.results, OUTPUT_FOLDER=output)
    )
    results, _ = make_evaluator().evaluate([dataset], metrics())
    return {
        tracker: {
            name.replace("COMBINED_SEQ", "COMBINED"): {
                label: plain(families) for label, families in classes.items() if label.islower() and "comb" not in label
            }
            for name, classes in entries.items()
        }
        for tracker, entries in results[names[arguments.benchmark]].items()
    }


def evaluate(arguments, output):
    if arguments.benchmark in ("KITTI", "BDD100K"):
        return evaluate_driving(arguments, output)
    sequences = sorted(
        name for name in os.listdir(arguments.gt) if os.path.exists(os.path.join(arguments.gt, name, "gt", "gt.txt"))
    )
    folders = dict(
        QUIET, GT_FOLDER=arguments.gt, TRACKERS_FOLDER=arguments.results, OUTPUT_FOLDER=output, TRACKER_SUB_FOLDER="",
        SKIP_SPLIT_FOL=True, SEQ_INFO={name: None for name in sequences},
    )
    if arguments.benchmark == "rotated":
        gt, results = os.path.join(output, "gt"), os.path.join(output, "results")
        tables = {"gt": numbered(arguments.gt, gt), "tracker": numbered(arguments.results, results)}
        dataset = RotatedBoxes(dict(folders, GT_FOLDER=gt, TRACKERS_FOLDER=results, DO_PREPROC=False), tables)
    elif arguments.benchmark == "MOTS20":
        dataset = trackeval.datasets.MOTSChallenge(folders)
    else:
        dataset = trackeval.datasets.MotChallenge2DBox(
            dict(folders, BENCHMARK=arguments.benchmark, DO_PREPROC=not arguments.no_preprocessing)
        )
    results, _ = make_evaluator().evaluate([dataset], metrics())
    return {
        tracker: {
            name.replace("COMBINED_SEQ", "COMBINED"): plain(classes["pedestrian"])
            for name, classes in entries.items()
            if "pedestrian" in classes
        }
        for tracker, entries in results[dataset.get_name()].items()
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gt")
    parser.add_argument("results")
    parser.add_argument("--benchmark", default="MOT17")
    parser.add_argument("--no-preprocessing", action="store_true")
    arguments = parser.parse_args()
    start = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as output, contextlib.redirect_stdout(io.StringIO()):
            scores = evaluate(arguments, output)
        answer = {"seconds": time.perf_counter() - start, "scores": scores}
    except Exception as error:  # any error of the reference is reported as its answer
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
