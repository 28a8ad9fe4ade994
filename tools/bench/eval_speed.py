#!/usr/bin/env python3
"""Compares the speed of `onepass eval` and trackeval on the same files, with interleaved runs.

usage: eval_speed.py [--program build/release/onepass] [--python PYTHON_WITH_TRACKEVAL] [--rounds 7] GT RESULTS

Both read the files, preprocess them and compute all scores. Two ratios are printed: of the evaluation alone (as
measured by each program after its start), and of the whole processes (including trackeval's package imports and the
loading of onepass's libraries).
"""
import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path


def timed(command):
    start = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"eval_speed: {command[0]} failed: {result.stderr.strip()}")
    return time.perf_counter() - start, result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gt")
    parser.add_argument("results")
    parser.add_argument("--program", default="build/release/onepass")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--benchmark", default="MOT17")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    ours = [arguments.program, "eval", "--gt", arguments.gt, "--results", arguments.results, "--benchmark",
            arguments.benchmark, "--json", "-"]
    oracle = [arguments.python, str(Path(__file__).with_name("trackeval_scores.py")), arguments.gt, arguments.results,
              "--benchmark", arguments.benchmark]
    rows = []
    for _ in range(arguments.rounds):
        our_process, our_result = timed(ours)
        their_process, their_result = timed(oracle)
        answer = json.loads(their_result.stdout)
        if "error" in answer:
            sys.exit("eval_speed: trackeval failed: " + answer["error"])
        own = float(re.search(r"scored in ([0-9.]+) s", our_result.stderr).group(1))
        rows.append((own, answer["seconds"], our_process, their_process))
        print("evaluation %.4f s and %.3f s, process %.3f s and %.3f s" % rows[-1])
    median = [statistics.median(column) for column in zip(*rows)]
    alone = statistics.median(theirs / own for own, theirs, _, _ in rows)
    whole = statistics.median(theirs / own for _, _, own, theirs in rows)
    print("median evaluation: onepass %.4f s, trackeval %.3f s, ratio %.1f" % (median[0], median[1], alone))
    print("median process:    onepass %.4f s, trackeval %.3f s, ratio %.1f" % (median[2], median[3], whole))


if __name__ == "__main__":
    main()
