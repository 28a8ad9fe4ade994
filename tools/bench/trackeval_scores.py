#!/usr/bin/env python3
"""Scores result files with the package trackeval, as an independent reference, and prints the scores as JSON.

usage: trackeval_scores.py GT RESULTS [--benchmark MOT17] [--no-preprocessing]

GT holds SEQ/gt/gt.txt and SEQ/seqinfo.ini, RESULTS holds TRACKER/SEQ.txt. For --benchmark KITTI, GT holds label_02/SEQ.txt
and evaluate_tracking.seqmap.training, for BDD100K SEQ.json; RESULTS holds TRACKER/data/SEQ.txt or .json, and there is
one more level in the scores, the classes. Prints
{"seconds": time of the evaluation alone, "scores": {tracker: {sequence or COMBINED: {family: {field: value}}}}}
or {"error": message of trackeval}.
"""
import argparse
import contextlib
import io
import json
import os
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
    dataset = trackeval.datasets.MotChallenge2DBox(
        dict(
            QUIET, GT_FOLDER=arguments.gt, TRACKERS_FOLDER=arguments.results, OUTPUT_FOLDER=output,
            BENCHMARK=arguments.benchmark, DO_PREPROC=not arguments.no_preprocessing, TRACKER_SUB_FOLDER="",
            SKIP_SPLIT_FOL=True, SEQ_INFO={name: None for name in sequences},
        )
    )
    results, _ = make_evaluator().evaluate([dataset], metrics())
    return {
        tracker: {
            name.replace("COMBINED_SEQ", "COMBINED"): plain(classes["pedestrian"])
            for name, classes in entries.items()
            if "pedestrian" in classes
        }
        for tracker, entries in results["MotChallenge2DBox"].items()
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
