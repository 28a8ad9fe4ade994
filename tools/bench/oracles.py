#!/usr/bin/env python3
"""Compares the configurations of published trackers with other implementations of them, on the same detections.

usage: oracles.py --data DATA --onepass PROGRAM [--out FOLDER] [--only NAME ...] [--check]

Runs the packages boxmot, ultralytics and trackers (PyPI) on the four sequences of mot17-valhalf and on PETS09-S2L1 and
KITTI-17 of mot15 in DATA, without images, embeddings or camera motion, and onepass with the other package's own
parameter file or with the configuration of the same name. Prints HOTA and IDF1 of both, as the package trackeval
computes them. --check fails if a difference on val-half is larger than the one noted in ROWS, which has the reasons;
the exit status is 77 if a package is missing. The environment variable ONEPASS_ORACLES may name the Python interpreter
that has the packages.
"""
import argparse
import inspect
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import types

INTERPRETER = os.environ.pop("ONEPASS_ORACLES", None)
if INTERPRETER:
    os.execv(INTERPRETER, [INTERPRETER, *sys.argv])
try:
    import numpy as np
    import boxmot
    import supervision
    import torch
    import trackers
    import ultralytics
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

GROUPS = {
    "val-half": ("mot17-valhalf", ["MOT17-02", "MOT17-05", "MOT17-10", "MOT17-13"], "MOT17"),
    "PETS09": ("mot15", ["PETS09-S2L1"], "MOT15"),
    "KITTI-17": ("mot15", ["KITTI-17"], "MOT15"),
}


class Still:
    """A camera that does not move."""

    def apply(self, *_, **__):
        return np.eye(2, 3, dtype=np.float32)


class BoxMot:
    """A tracker of boxmot, with the values of its YAML file except those in `changes`."""

    def __init__(self, kind, name, **changes):
        logging.disable(logging.INFO)
        folder = pathlib.Path(boxmot.__file__).parent / "configs" / "trackers"
        self.file = folder / f"{name}.yaml"
        self.settings = {}
        self.read(yaml.safe_load(self.file.read_text()))
        self.settings.update({"use_embeddings": False, "use_cmc": False, "cmc_off": True}, **changes)
        self.kind = getattr(boxmot, kind)

    def read(self, entries):
        for key, entry in entries.items():
            self.settings[key] = entry["default"]
            self.read(entry.get("activates", {}))

    def start(self, shape, _rate):
        known = set()
        for kind in self.kind.__mro__:
            known |= set(inspect.signature(kind.__init__).parameters)
        self.tracker = self.kind(**{key: value for key, value in self.settings.items() if key in known})
        if getattr(self.tracker, "cmc", None) is not None:
            self.tracker.cmc = Still()
        self.random = np.random.default_rng(0)
        self.image = np.zeros((*shape, 3), np.uint8)

    def update(self, boxes):
        rows = np.concatenate([boxes, np.zeros((len(boxes), 1))], 1)
        if self.kind.__name__ == "StrongSort" and len(rows):  # it has no switch: embeddings that never match
            rows = self.with_random_embeddings(boxes)
        tracks = self.tracker.update(rows, self.image)
        if hasattr(tracks, "track_ids"):
            return np.column_stack([tracks.geometry.values.numpy(), tracks.track_ids.numpy()])
        return tracks.reshape(len(tracks), -1)[:, :5]


    def with_random_embeddings(self, boxes):
        from boxmot.structures import Boxes, Detections

        embeddings = torch.nn.functional.normalize(torch.from_numpy(self.random.normal(size=(len(boxes), 512))).float())
        rows = torch.from_numpy(boxes).float()
        return Detections(Boxes(rows[:, :4].contiguous()), rows[:, 4].contiguous(),
                          torch.zeros(len(boxes), dtype=torch.int64), "0", embeddings=embeddings)


class Ultralytics:
    """A tracker of ultralytics, with the values of its YAML file except those in `changes`."""

    def __init__(self, kind, name, **changes):
        from ultralytics import trackers as kinds

        self.file = pathlib.Path(ultralytics.__file__).parent / "cfg" / "trackers" / f"{name}.yaml"
        self.settings = {**yaml.safe_load(self.file.read_text()), "gmc_method": "none", **changes}
        self.kind = getattr(kinds, kind)

    def start(self, shape, _rate):
        self.tracker = self.kind(types.SimpleNamespace(**self.settings))
        self.shape = shape

    def update(self, boxes):
        from ultralytics.engine.results import Boxes

        rows = np.concatenate([boxes, np.zeros((len(boxes), 1))], 1).astype(np.float32)
        tracks = np.asarray(self.tracker.update(Boxes(rows, self.shape), np.zeros((*self.shape, 3), np.uint8)))
        return tracks[:, :5] if len(tracks) else []


class Roboflow:
    """A tracker of trackers, at 30 frames per second, so that its buffer is a number of frames."""

    file = None

    def __init__(self, kind, **settings):
        self.kind, self.settings = getattr(trackers, kind), settings

    def start(self, _shape, _rate):
        self.tracker = self.kind(**self.settings)

    def update(self, boxes):
        given = supervision.Detections(xyxy=boxes[:, :4].reshape(-1, 4), confidence=boxes[:, 4],
                                       class_id=np.zeros(len(boxes), int))
        tracks = self.tracker.update(given)
        ids = tracks.tracker_id if tracks.tracker_id is not None else np.full(len(tracks), -1)
        return [[*box, i] for box, i in zip(tracks.xyxy, ids) if i >= 0]


#  name of the row: how to make the other tracker, configuration of ours (None: the other package's own file), largest
#  difference of HOTA on val-half, and its reason
ROWS = {
    "boxmot bytetrack": (lambda: BoxMot("ByteTrack", "bytetrack"), None, 0.6, ""),
    "boxmot botsort": (lambda: BoxMot("BotSort", "botsort"), None, 0.3, ""),
    "boxmot ocsort": (lambda: BoxMot("OcSort", "ocsort"), None, 0.6, ""),
    "boxmot deepocsort": (lambda: BoxMot("DeepOcSort", "deepocsort"), None, 0.3, ""),
    "boxmot strongsort": (lambda: BoxMot("StrongSort", "strongsort"), None, 0.5, ""),
    "boxmot hybridsort, published": (
        lambda: BoxMot("HybridSort", "hybridsort", det_thresh=0.6, track_thresh=0.6, max_age=30, min_hits=3,
                       iou_threshold=0.15, asso_func="hmiou", delta_t=3, inertia=0.05, use_byte=True, low_thresh=0.1),
        "hybridsort", 1.6, "low scores are matched more strictly here"),
    "boxmot boosttrack": (lambda: BoxMot("BoostTrack", "boosttrack"), None, 0.5, ""),
    "boxmot occluboost": (lambda: BoxMot("OccluBoost", "occluboost"), None, 1.6, "no paper: known by its parameters"),
    "boxmot sfsort": (lambda: BoxMot("SFSORT", "sfsort"), None, 0.3, ""),
    "ultralytics bytetrack": (lambda: Ultralytics("BYTETracker", "bytetrack"), None, 0.5, ""),
    "ultralytics botsort": (lambda: Ultralytics("BOTSORT", "botsort"), None, 0.3, ""),
    "ultralytics ocsort": (lambda: Ultralytics("OCSORT", "ocsort"), None, 0.5, ""),
    "ultralytics deepocsort": (lambda: Ultralytics("DeepOCSORT", "deepocsort"), None, 0.5, ""),
    "ultralytics fasttrack": (lambda: Ultralytics("FASTTracker", "fasttrack"), None, 1.5, ""),
    "ultralytics tracktrack": (lambda: Ultralytics("TRACKTRACK", "tracktrack"), None, 0.5, ""),
    "trackers cbiou": (lambda: Roboflow("CBIoUTracker"), "cbiou", 0.7, ""),
    "trackers ocsort": (lambda: Roboflow("OCSORTTracker"), "ocsort", 0.6, ""),
}


def read_information(folder):
    lines = (folder / "seqinfo.ini").read_text().splitlines()
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines) if value}


def track(rival, folder, output):
    information = read_information(folder)
    rows = np.loadtxt(folder / "det" / "det.txt", delimiter=",", usecols=range(7), ndmin=2)
    rival.start((int(information["imHeight"]), int(information["imWidth"])), float(information["frameRate"]))
    with output.open("w") as file:
        for frame in range(1, int(information["seqLength"]) + 1):
            boxes = rows[rows[:, 0] == frame][:, 2:7].copy()
            boxes[:, 2:4] += boxes[:, :2]
            for left, top, right, bottom, identity in rival.update(boxes):
                size = f"{right - left:.2f},{bottom - top:.2f}"
                file.write(f"{frame},{int(identity) + 1},{left:.2f},{top:.2f},{size},1,-1,-1,-1\n")


def run_onepass(program, data, benchmark, configuration, output):
    """Result files of onepass in output/ours/data."""
    command = [program, "benchmark", "--data", data, "--benchmark", benchmark, "--detections", "public", "--config",
               configuration, "--tracker.camera_motion", "none", "--out", output, "--name", "ours", "--overwrite"]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def scores_of(data, results, benchmark):
    script = pathlib.Path(__file__).with_name("trackeval_scores.py")
    answer = json.loads(subprocess.run([sys.executable, script, data, results, "--benchmark", benchmark], check=True,
                                       capture_output=True).stdout)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return {name: (100 * float(np.mean(entry["COMBINED"]["HOTA"]["HOTA"])), 100 * entry["COMBINED"]["Identity"]["IDF1"])
            for name, entry in answer["scores"].items()}


def compare(rival, configuration, arguments, folder):
    """{group: (HOTA and IDF1 of ours, HOTA and IDF1 of theirs)}"""
    result = {}
    for group, (place, sequences, benchmark) in GROUPS.items():
        data = folder / "truth" / group
        data.mkdir(parents=True, exist_ok=True)
        output = folder / group
        (output / "theirs").mkdir(parents=True, exist_ok=True)
        for sequence in sequences:
            if not (data / sequence).exists():
                (data / sequence).symlink_to((arguments.data / place / sequence).resolve())
            track(rival, data / sequence, output / "theirs" / f"{sequence}.txt")
        run_onepass(arguments.onepass, data, benchmark, configuration or rival.file, output / "run")
        ours = output / "ours"
        if not ours.exists():
            ours.symlink_to((output / "run" / "ours" / "data").resolve())
        scores = scores_of(data, only(output, "ours", "theirs"), benchmark)
        result[group] = (scores["ours"], scores["theirs"])
    return result


def only(output, *names):
    """A folder that has nothing but these of output."""
    folder = output / "both"
    folder.mkdir(exist_ok=True)
    for name in names:
        if not (folder / name).exists():
            (folder / name).symlink_to((output / name).resolve())
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("ONEPASS_DATA"))
    parser.add_argument("--onepass", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if arguments.data is None or not pathlib.Path(arguments.data).is_dir():
        print("skipped: no real data")
        return 77
    arguments.data = pathlib.Path(arguments.data)
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        for name, (make, configuration, limit, reason) in ROWS.items():
            if arguments.only and name not in arguments.only:
                continue
            folder = pathlib.Path(arguments.out or temporary) / name.replace(", ", "-").replace(" ", "-")
            result = compare(make(), configuration, arguments, folder)
            cells = [f"{ours[0]:.2f} / {ours[1]:.2f} | {theirs[0]:.2f} / {theirs[1]:.2f}"
                     for ours, theirs in result.values()]
            print(f"| {name} | {' | '.join(cells)} | {reason} |", flush=True)
            ours, theirs = result["val-half"]
            if abs(ours[0] - theirs[0]) > limit:
                failures.append(f"{name}: HOTA {ours[0]:.2f} and {theirs[0]:.2f} differ by more than {limit}")
    print("\n".join(failures))
    return 1 if failures and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
