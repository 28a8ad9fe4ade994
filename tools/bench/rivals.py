#!/usr/bin/env python3
"""Compares the speed of `onepass track` with that of `yolo track`, each in several forms, on the same video and machine.

    tools/bench/rivals.py --python /tmp/reference/bin/python --model yolov8n.pt --source street.mp4
        [--onepass build/release/onepass] [--quantized yolov8n-int8.yaml] [--size 384,640] [--classes 0]
        [--runs 5] [--threads 2] [--json FILE]

`--python` needs the packages ultralytics, openvino and, with --quantized, nncf. The rivals are BoT-SORT with the .pt
file, and BoT-SORT and ByteTrack with OpenVINO exports of it, which are made first, for the size that the video has
inside the network: one as it is and, with --quantized, one in int8 (its ranges come from frames of the same video). All
programs write their tracks as text and draw nothing. Whole processes are measured: frames per second from start to exit,
the rate after the first ten frames, the time until the first frame is written, and peak memory (resident set size).
OpenVINO also runs the exports alone, on noise: images per second with one image at a time on all threads (latency) and
with one per thread (throughput). The last column is what everything but the network costs: the share of the time of a
frame that is left when the network alone, in the precision of the row and the faster of the two ways, takes its time.
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
EXPORT = """
import json, sys
from ultralytics import YOLO
job = json.loads(sys.argv[1])
YOLO(job["model"]).export(format="openvino", imgsz=job["imgsz"], **job["quantization"])
"""
# Writes every fourth frame of the video, with a label, as a data set to find ranges with.
FRAMES = """
import json, pathlib, sys
import cv2
job = json.loads(sys.argv[1])
folder = pathlib.Path(job["folder"])
for part in ("images", "labels"):
    (folder / part).mkdir(parents=True)
video, number = cv2.VideoCapture(job["source"]), 0
while number < 400:
    good, image = video.read()
    if not good:
        break
    if number % 4 == 0:
        cv2.imwrite(str(folder / "images" / f"{number}.png"), image)
        (folder / "labels" / f"{number}.txt").write_text("0 0.5 0.5 0.1 0.2\\n")
    number += 1
(folder / "data.yaml").write_text(f"path: {folder}\\ntrain: images\\nval: images\\nnames: {{0: person}}\\n")
"""
# OpenVINO's rate on an export alone, in images per second.
NETWORK = """
import json, sys, threading, time
import numpy, openvino
job = json.loads(sys.argv[1])
core = openvino.Core()
mode = {"PERFORMANCE_HINT": job["mode"], "NUM_STREAMS": job["streams"], "INFERENCE_NUM_THREADS": job["threads"]}
if job["precision"] in ("f32", "bf16"):
    mode["INFERENCE_PRECISION_HINT"] = job["precision"]
model = core.compile_model(job["model"], "CPU", mode)
image = numpy.random.rand(*model.input().shape).astype(numpy.float32)
counts = [0] * job["streams"]
def infer(request, index, end):
    while time.monotonic() < end:
        request.infer([image])
        counts[index] += 1
for seconds in (0.3, 2.0):
    counts[:] = [0] * len(counts)
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=infer, args=(model.create_infer_request(), i, end)) for i in range(len(counts))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print(sum(counts) / seconds)
"""
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


def run_script(options, script, job, timeout=None):
    return subprocess.run([options.python, "-c", script, json.dumps(job)], check=True, capture_output=True, text=True,
                          timeout=timeout)


def run_again_if_stuck(options, script, job):
    """OpenVINO in Python once waited for ever at the first image."""
    try:
        return run_script(options, script, job, timeout=30)
    except subprocess.TimeoutExpired:
        return run_script(options, script, job, timeout=30)


def export(options, folder, quantization):
    """An OpenVINO export of the model, in a scratch folder of its own."""
    place = folder / ("int8" if quantization else "exported")
    place.mkdir()
    copy = pathlib.Path(shutil.copy(options.model, place))
    size = [int(side) for side in options.size.split(",")]
    run_script(options, EXPORT, {"model": str(copy), "imgsz": size, "quantization": quantization})
    return next(place.glob("*_openvino_model"))


def export_int8(options, folder):
    run_script(options, FRAMES, {"source": str(options.source), "folder": str(folder / "frames")})
    return export(options, folder, {"int8": True, "data": str(folder / "frames" / "data.yaml")})


def network_rate(options, exported, precision):
    """Images per second of the network alone, in the faster way."""
    job = {"model": str(next(exported.glob("*.xml"))), "precision": precision, "threads": options.threads}
    ways = ({"mode": "LATENCY", "streams": 1}, {"mode": "THROUGHPUT", "streams": options.threads})
    rates = [float(run_again_if_stuck(options, NETWORK, {**job, **way}).stdout) for way in ways]
    print(f"network alone, OpenVINO, {precision:5} {rates[0]:8.1f} images/s (latency) {rates[1]:8.1f} (throughput)")
    return max(rates)


def contenders(options, exported, int8):
    """Name, command and precision of each; the rivals compute in what OpenVINO chooses."""
    for precision in options.precisions.split(","):
        yield f"onepass, {precision}", ours(options, options.model, precision), precision
    if options.quantized:
        yield "onepass, int8", ours(options, options.quantized, "int8"), "int8"
    yield "yolo track, .pt, BoT-SORT", theirs(options, options.model, "botsort.yaml"), "f32"
    yield "yolo track, OpenVINO, BoT-SORT", theirs(options, exported, "botsort.yaml"), "auto"
    yield "yolo track, OpenVINO, ByteTrack", theirs(options, exported, "bytetrack.yaml"), "auto"
    if int8:
        yield "yolo track, int8, ByteTrack", theirs(options, int8, "bytetrack.yaml"), "int8"


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


def take_turns(options, commands, environment, folder):
    runs = {name: [] for name in commands}
    for turn in range(options.runs + 1):
        for name, command in commands.items():
            figures = measured(command, environment, folder / "log")
            if turn > 0:  # the first turn reads libraries and files from disk
                runs[name].append(figures)
    return runs


def show(medians, rates):
    print(f"{'':32} {'steady/s':>9} {'whole/s':>9} {'first s':>8} {'MB':>6} {'not net':>8}")
    for name, row in medians.items():
        rest = f"{1 - row['steady'] / rates[name]:8.0%}" if name in rates else ""
        print(f"{name:32} {row['steady']:9.1f} {row['whole']:9.1f} {row['first_s']:8.2f} {row['megabytes']:6.0f} {rest}")
    best = {who: max((row["steady"], name) for name, row in medians.items() if name.startswith(who))
            for who in ("onepass", "yolo")}
    for name, row in medians.items():
        if name.startswith("onepass"):
            print(f"{name}: {row['steady'] / best['yolo'][0]:.2f} times the steady rate of {best['yolo'][1]}")


def main():
    options = arguments()
    print(f"{processor()}, {options.threads} threads | {versions(options)}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        environment = dict(os.environ, YOLO_OFFLINE="True", YOLO_AUTOINSTALL="False", YOLO_CONFIG_DIR=scratch,
                           OMP_NUM_THREADS=str(options.threads), MKL_NUM_THREADS=str(options.threads))
        os.environ.update(environment)
        exported = export(options, folder, {})
        int8 = export_int8(options, folder) if options.quantized else None
        rows = list(contenders(options, exported, int8))
        networks = {precision: int8 if precision == "int8" else exported for _, _, precision in rows}
        by_precision = {each: network_rate(options, model, each) for each, model in networks.items()}
        rates = {name: by_precision[precision] for name, _, precision in rows if ".pt" not in name}
        runs = take_turns(options, {name: command for name, command, _ in rows}, environment, folder)
    medians = {name: {key: statistics.median(run[key] for run in each) for key in each[0]} for name, each in runs.items()}
    show(medians, rates)
    if options.json:
        options.json.write_text(json.dumps({"networks": by_precision, "runs": runs, "median": medians}, indent=2) + "\n")


if __name__ == "__main__":
    main()
