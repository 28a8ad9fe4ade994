#!/usr/bin/env python3
"""Compares the speed of `onepass track` and `yolo track` with BoT-SORT, with the same weights, video and machine.

    tools/bench/yolo_track.py --python /tmp/reference/bin/python --model yolov8n.pt --source street.mp4
        [--onepass build/release/onepass] [--imgsz 640] [--classes 0] [--conf 0.1] [--iou 0.7] [--runs 5] [--threads 2]

`--python` needs the ultralytics package (pip install ultralytics). Both programs write MOT or text results to a scratch
folder and draw nothing. Whole processes are measured, from start to exit: seconds, frames per second and peak memory
(resident set size, as the kernel reports it). After one warm-up run of each, the runs alternate, so that other load on
the machine affects both. Prints every run, then the medians and their ratios.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

# Uses only the public API: track() streams results, which are written as they arrive.
TRACK = """
import json, sys
from ultralytics import YOLO
job = json.loads(sys.argv[1])
results = YOLO(job["model"]).track(source=job["source"], tracker="botsort.yaml", stream=True, persist=True, verbose=False,
                                   save=False, device="cpu", imgsz=job["imgsz"], conf=job["conf"], iou=job["iou"],
                                   classes=job["classes"])
frames = boxes = 0
with open(job["out"], "w") as out:
    for result in results:
        frames += 1
        if result.boxes.id is None:
            continue
        for track, box in zip(result.boxes.id.int().tolist(), result.boxes.xyxy.tolist()):
            boxes += 1
            print(frames, track, *(f"{side:.2f}" for side in box), sep=",", file=out)
json.dump({"frames": frames, "boxes": boxes}, open(job["out"] + ".json", "w"))
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="a Python that has the ultralytics package")
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a .pt checkpoint, read by both")
    parser.add_argument("--source", required=True, type=pathlib.Path, help="a video file, read by both")
    parser.add_argument("--onepass", default="build/release/onepass")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--classes", default="", help="class ids, such as 0,2; default: all")
    parser.add_argument("--conf", type=float, default=0.1)
    parser.add_argument("--iou", type=float, default=0.7)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    options = parser.parse_args()
    for path in (options.model, options.source):
        if not path.is_file():
            parser.error(f"{path}: no such file")
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def timed(command, environment, log):
    """Runs one process; returns its wall-clock seconds and peak memory in megabytes."""
    start = time.monotonic()
    with open(log, "wb") as sink:
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = pathlib.Path(log).read_text(errors="replace").strip().splitlines()[-1:]
        sys.exit(f"{command[0]} failed with exit code {process.returncode}: {' '.join(tail)}")
    return seconds, usage.ru_maxrss / 1024


def ours(options, folder):
    out = folder / "onepass.txt"
    out.unlink(missing_ok=True)
    command = [options.onepass, "track", "--source", str(options.source), "--model", str(options.model), "--save-mot",
               str(out), "--imgsz", str(options.imgsz), "--conf", str(options.conf), "--iou", str(options.iou),
               "--detector.threads", str(options.threads)]
    if options.classes:
        command += ["--classes", options.classes]
    seconds, megabytes = timed(command, dict(os.environ), folder / "onepass.log")
    return seconds, megabytes, sum(1 for _ in open(out))


def theirs(options, folder):
    out = folder / "yolo.txt"
    classes = [int(number) for number in options.classes.split(",")] if options.classes else None
    job = {"model": str(options.model), "source": str(options.source), "imgsz": options.imgsz, "conf": options.conf,
           "iou": options.iou, "classes": classes, "out": str(out)}
    environment = dict(os.environ, YOLO_OFFLINE="True", YOLO_AUTOINSTALL="False", YOLO_CONFIG_DIR=str(folder),
                       OMP_NUM_THREADS=str(options.threads), MKL_NUM_THREADS=str(options.threads))
    seconds, megabytes = timed([options.python, "-c", TRACK, json.dumps(job)], environment, folder / "yolo.log")
    return seconds, megabytes, json.loads(pathlib.Path(f"{out}.json").read_text())


def versions(options):
    script = "import torch, ultralytics; print('torch', torch.__version__, 'ultralytics', ultralytics.__version__)"
    lines = [subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[-1:]
             for command in ([options.onepass, "--version"], [options.python, "-c", script])]
    return " | ".join(line[0] for line in lines if line)


def median(runs, field):
    return statistics.median(run[field] for run in runs)


def main():
    options = arguments()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {options.threads} threads | "
          f"{versions(options)}")
    runs = {"onepass": [], "yolo": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        frames = 0
        for turn in range(options.runs + 1):
            our_seconds, our_megabytes, our_boxes = ours(options, folder)
            their_seconds, their_megabytes, counted = theirs(options, folder)
            frames = counted["frames"]
            if frames == 0:
                sys.exit(f"{options.source}: yolo track read no frame")
            if turn == 0:  # warm-up: libraries and files are read from disk
                print(f"{frames} frames, {our_boxes} boxes from onepass, {counted['boxes']} from yolo")
                continue
            for name, seconds, megabytes in (("onepass", our_seconds, our_megabytes),
                                             ("yolo", their_seconds, their_megabytes)):
                runs[name].append({"seconds": seconds, "megabytes": megabytes, "fps": frames / seconds})
                print(f"run {turn}: {name:8} {seconds:8.2f} s {frames / seconds:8.2f} frames/s {megabytes:7.0f} MB")
    summary = {name: {field: median(list_of_runs, field) for field in ("seconds", "fps", "megabytes")}
               for name, list_of_runs in runs.items()}
    for name, figures in summary.items():
        print(f"median: {name:8} {figures['seconds']:8.2f} s {figures['fps']:8.2f} frames/s "
              f"{figures['megabytes']:7.0f} MB")
    print(f"onepass: {summary['onepass']['fps'] / summary['yolo']['fps']:.2f} times the frames per second, "
          f"{summary['onepass']['megabytes'] / summary['yolo']['megabytes']:.2f} times the memory")
    if options.json:
        options.json.write_text(json.dumps({"frames": frames, "runs": runs, "median": summary}, indent=2) + "\n")


if __name__ == "__main__":
    main()
