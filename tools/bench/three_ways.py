#!/usr/bin/env python3
"""Compares the time of one detection from C++, from Python and in the program, on the same image.

three_ways.py BUILD MODEL FOLDER [--runs N] [--rounds N] [--threads N] [--executor NAME]

BUILD is the build folder; FOLDER holds one image. Every round measures all three in turn, so that other load affects
them equally; the table shows the medians in milliseconds. Python must be the one that the module was built for.
"""

import argparse
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile


def library(build, options):
    command = [build / "tools/bench/detect_benchmark", options.model, options.folder, options.runs, options.threads,
               options.executor]
    return float(subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout)


def python_module(build, options):
    script = (
        "import statistics, sys, time\n"
        "import numpy, onepass, PIL.Image\n"
        "model, image, runs, threads, executor = sys.argv[1:]\n"
        "detector = onepass.Detector(model, {'detector.threads': int(threads), 'detector.executor': executor})\n"
        "image = numpy.ascontiguousarray(numpy.asarray(PIL.Image.open(image).convert('RGB'))[:, :, ::-1])\n"
        "times = []\n"
        "for _ in range(int(runs) + 1):\n"
        "    start = time.perf_counter()\n"
        "    detector.detect(image)\n"
        "    times.append(1000 * (time.perf_counter() - start))\n"
        "print(statistics.median(times[1:]))\n")
    image = next(path for path in sorted(pathlib.Path(options.folder).iterdir()) if path.is_file())
    command = [sys.executable, "-c", script, options.model, image, options.runs, options.threads, options.executor]
    return float(subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True,
                                env={"PYTHONPATH": str(build / "python"), "PATH": "/usr/bin:/bin"}).stdout)


def program(build, options):
    """The time of detect() per frame: the network's and the embeddings', from the difference of a long and a short run,
    so that the first pass, which prepares the network for the image's size, does not count."""
    short, long = (detect_ms(build, options, frames) * frames for frames in (5, 5 + options.runs))
    return (long - short) / options.runs


def detect_ms(build, options, frames):
    """Mean time of detect() in the program over this many copies of the image, as its report gives it."""
    image = next(path for path in sorted(pathlib.Path(options.folder).iterdir()) if path.is_file())
    with tempfile.TemporaryDirectory() as folder:
        for number in range(frames):
            shutil.copy(image, pathlib.Path(folder) / f"{number:06}{image.suffix}")
        command = [build / "onepass", "track", "--source", folder, "--model", options.model, "--detector.threads",
                   options.threads, "--detector.executor", options.executor, "--save-mot", f"{folder}/tracks.txt"]
        log = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stderr
    parts = [re.search(rf"{name} +([0-9.]+) ms/frame", log) for name in ("detect", "embed")]
    if not all(parts):
        raise RuntimeError(f"no times in the program's report: {log}")
    return sum(float(part[1]) for part in parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("model")
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--executor", default="auto")
    options = parser.parse_args()
    ways = {"C++": library, "Python": python_module, "program": program}
    times = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, measure in ways.items():
            times[name].append(measure(options.build, options))
    for name, values in times.items():
        print(f"{name:8} {statistics.median(values):8.2f} ms   ({', '.join(f'{value:.1f}' for value in values)})")


if __name__ == "__main__":
    main()
