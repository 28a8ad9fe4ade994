#!/usr/bin/env python3
"""Compares the speed of `onepass track` with that of `yolo track`, each in several forms, on the same video and machine.

    tools/bench/rivals.py --python /tmp/reference/bin/python --model yolov8n.pt --source street.mp4
        [--onepass build/release/onepass] [--quantized yolov8n-int8.yaml] [--size 384,640] [--classes 0]
        [--runs 5] [--threads 2] [--json FILE]

`--python` needs the packages ultralytics and openvino. The rivals are BoT-SORT with the .pt file, and BoT-SORT and
ByteTrack with an OpenVINO export of it, which is made first, for the size that the video has inside the network. All
programs write their tracks as text and draw nothing. Whole processes are measured: frames per second from start to exit,
the rate after the first ten frames, the time until the first frame is written, and peak memory (resident set size).
After one warm-up run of each, the runs take turns, so that other load affects all of them; medians are printed.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
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
results = YOLO(job["model"], task="detect").track(
    source=job["source"], tracker=job["tracker"], stream=True, persist=True, verbose=False, save=False, device="cpu",
    imgsz=job["imgsz"], conf=0.1, iou=0.7, classes=job["classes"])
for number, result in enumerate(results):
    ids = [] if result.boxes.id is None else result.boxes.id.int().tolist()
    print(json.dumps({"frame": number, "ids": ids, "boxes": result.boxes.xyxy.tolist()}), flush=True)
"""
EXPORT = "import sys; from ultralytics import YOLO; YOLO(sys.argv[1]).export(format='openvino', imgsz=eval(sys.argv[2]))"
WARM = 10  # frames


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="a Python that has the packages ultralytics and openvino")
    parser.add_argument("--model", required=True, type=pathlib.Path, help="a .pt checkpoint")
    parser.add_argument("--quantized", type=pathlib.Path, help="the model of onepass quantize")
    parser.add_argument("--source", required=True, type=pathlib.Path, help="a video file")
    parser.add_argument("--onepass", default="build/release/onepass")
    parser.add_argument("--size", default="384,640", help="height and width of the video inside the network")
    parser.add_argument("--classes", default="0", help="class ids, such as 0,2")
    parser.add_argument("--precisions", default="f32,bf16", help="of onepass with --model")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    options = parser.parse_args()
    for path in (options.model, options.source, options.quantized):
        if path and not path.is_file():
            parser.error(f"{path}: no such file")
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def measured(command, environment, log):
    """Runs a process that writes a line per frame; returns what is compared."""
    start = time.monotonic()
    times = []
    with open(log, "wb") as sink:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=sink)
        for line in process.stdout:
            if line.startswith(b"{"):
                times.append(time.monotonic() - start)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0 or len(times) <= WARM:
        tail = pathlib.Path(log).read_text(errors="replace").strip().splitlines()[-1:]
        sys.exit(f"{command[0]} failed: {' '.join(tail)}")
    return {"frames": len(times), "whole": len(times) / seconds, "steady": (len(times) - WARM) / (times[-1] - times[WARM - 1]),
            "first_s": times[0], "megabytes": usage.ru_maxrss / 1024}


def ours(options, model, precision):
    height, width = options.size.split(",")
    return [options.onepass, "track", "--source", str(options.source), "--model", str(model), "--save-jsonl", "-",
            "--imgsz", str(max(int(height), int(width))), "--conf", "0.1", "--iou", "0.7", "--classes", options.classes,
            "--precision", precision, "--detector.threads", str(options.threads)]


def theirs(options, model, tracker):
    job = {"model": str(model), "source": str(options.source), "tracker": tracker,
           "imgsz": [int(side) for side in options.size.split(",")],
           "classes": [int(number) for number in options.classes.split(",")]}
    return [options.python, "-c", TRACK, json.dumps(job)]


def export(options, folder):
    """The OpenVINO export of the model, in the scratch folder."""
    copy = pathlib.Path(shutil.copy(options.model, folder))
    subprocess.run([options.python, "-c", EXPORT, str(copy), f"({options.size})"], check=True, capture_output=True)
    return folder / f"{copy.stem}_openvino_model"


def contenders(options, folder):
    exported = export(options, folder)
    for precision in options.precisions.split(","):
        yield f"onepass, {precision}", ours(options, options.model, precision)
    if options.quantized:
        yield "onepass, int8", ours(options, options.quantized, "int8")
    yield "yolo track, .pt, BoT-SORT", theirs(options, options.model, "botsort.yaml")
    yield "yolo track, OpenVINO, BoT-SORT", theirs(options, exported, "botsort.yaml")
    yield "yolo track, OpenVINO, ByteTrack", theirs(options, exported, "bytetrack.yaml")


def processor():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    extensions = [name for name in ("amx_int8", "amx_bf16", "avx512_bf16", "avx512_vnni") if name in flags]
    return f"{names[0] if names else platform.machine()} ({', '.join(extensions)})"


def versions(options):
    script = ("import openvino, torch, ultralytics; print('torch', torch.__version__, 'ultralytics', "
              "ultralytics.__version__, 'openvino', openvino.__version__)")
    lines = [subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[-1:]
             for command in ([options.onepass, "--version"], [options.python, "-c", script])]
    return " | ".join(line[0] for line in lines if line)


def main():
    options = arguments()
    print(f"{processor()}, {options.threads} threads | {versions(options)}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        environment = dict(os.environ, YOLO_OFFLINE="True", YOLO_AUTOINSTALL="False", YOLO_CONFIG_DIR=scratch,
                           OMP_NUM_THREADS=str(options.threads), MKL_NUM_THREADS=str(options.threads))
        commands = dict(contenders(options, folder))
        runs = {name: [] for name in commands}
        for turn in range(options.runs + 1):
            for name, command in commands.items():
                figures = measured(command, environment, folder / "log")
                if turn > 0:  # the first turn reads libraries and files from disk
                    runs[name].append(figures)
    medians = {name: {key: statistics.median(run[key] for run in each) for key in each[0]} for name, each in runs.items()}
    print(f"{'':32} {'steady/s':>9} {'whole/s':>9} {'first s':>8} {'MB':>6}")
    for name, row in medians.items():
        print(f"{name:32} {row['steady']:9.1f} {row['whole']:9.1f} {row['first_s']:8.2f} {row['megabytes']:6.0f}")
    best = {who: max((row["steady"], name) for name, row in medians.items() if name.startswith(who))
            for who in ("onepass", "yolo")}
    print(f"{best['onepass'][1]}: {best['onepass'][0] / best['yolo'][0]:.2f} times the steady rate of {best['yolo'][1]}")
    if options.json:
        options.json.write_text(json.dumps({"runs": runs, "median": medians}, indent=2) + "\n")


if __name__ == "__main__":
    main()
