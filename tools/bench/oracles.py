#!/usr/bin/env python3
"""Compares the configurations of published trackers with other implementations of them, on the same detections.

usage: oracles.py --data DATA --onepass build/release/onepass [--out FOLDER] [--only NAME ...]

Runs the packages boxmot, ultralytics and trackers on the four sequences of mot17-valhalf and on PETS09-S2L1 and
KITTI-17 of mot15 in DATA, without images, embeddings or camera motion, and onepass with the configuration of the
same name. Prints HOTA and IDF1 of both, as "onepass eval" computes them. A package that is absent is skipped.
"""
import argparse
import json
import logging
import os
import pathlib
import subprocess
import sys
import types

import numpy as np

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
        import boxmot
        import yaml

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
        import inspect

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
        import torch
        from boxmot.structures import Boxes, Detections

        embeddings = torch.nn.functional.normalize(torch.from_numpy(self.random.normal(size=(len(boxes), 512))).float())
        rows = torch.from_numpy(boxes).float()
        return Detections(Boxes(rows[:, :4].contiguous()), rows[:, 4].contiguous(),
                          torch.zeros(len(boxes), dtype=torch.int64), "0", embeddings=embeddings)


class Ultralytics:
    """A tracker of ultralytics, with the values of its YAML file except those in `changes`."""

    def __init__(self, kind, name, **changes):
        import ultralytics
        import yaml
        from ultralytics import trackers

        self.file = pathlib.Path(ultralytics.__file__).parent / "cfg" / "trackers" / f"{name}.yaml"
        self.settings = {**yaml.safe_load(self.file.read_text()), "gmc_method": "none", **changes}
        self.kind = getattr(trackers, kind)

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
        import trackers

        self.kind, self.settings = getattr(trackers, kind), settings

    def start(self, _shape, _rate):
        self.tracker = self.kind(**self.settings)

    def update(self, boxes):
        import supervision

        given = supervision.Detections(xyxy=boxes[:, :4].reshape(-1, 4), confidence=boxes[:, 4],
                                       class_id=np.zeros(len(boxes), int))
        tracks = self.tracker.update(given)
        ids = tracks.tracker_id if tracks.tracker_id is not None else np.full(len(tracks), -1)
        return [[*box, i] for box, i in zip(tracks.xyxy, ids) if i >= 0]


#  name of the row: (how to make the other tracker, configuration of ours; "" for the file of the other package)
ROWS = {
    "boxmot bytetrack": (lambda: BoxMot("ByteTrack", "bytetrack"), ""),
    "boxmot botsort": (lambda: BoxMot("BotSort", "botsort"), ""),
    "boxmot ocsort": (lambda: BoxMot("OcSort", "ocsort"), ""),
    "boxmot deepocsort": (lambda: BoxMot("DeepOcSort", "deepocsort"), ""),
    "boxmot strongsort": (lambda: BoxMot("StrongSort", "strongsort"), ""),
    "boxmot hybridsort": (lambda: BoxMot("HybridSort", "hybridsort"), ""),
    "boxmot hybridsort, published": (
        lambda: BoxMot("HybridSort", "hybridsort", det_thresh=0.6, track_thresh=0.6, max_age=30, min_hits=3,
                       iou_threshold=0.15, asso_func="hmiou", delta_t=3, inertia=0.05, use_byte=True, low_thresh=0.1),
        "hybridsort"),
    "boxmot boosttrack": (lambda: BoxMot("BoostTrack", "boosttrack"), ""),
    "boxmot occluboost": (lambda: BoxMot("OccluBoost", "occluboost"), ""),
    "boxmot sfsort": (lambda: BoxMot("SFSORT", "sfsort"), ""),
    "ultralytics bytetrack": (lambda: Ultralytics("BYTETracker", "bytetrack"), ""),
    "ultralytics botsort": (lambda: Ultralytics("BOTSORT", "botsort"), ""),
    "ultralytics ocsort": (lambda: Ultralytics("OCSORT", "ocsort"), ""),
    "ultralytics deepocsort": (lambda: Ultralytics("DeepOCSORT", "deepocsort"), ""),
    "ultralytics fasttrack": (lambda: Ultralytics("FASTTracker", "fasttrack"), ""),
    "ultralytics tracktrack": (lambda: Ultralytics("TRACKTRACK", "tracktrack"), ""),
    "trackers cbiou": (lambda: Roboflow("CBIoUTracker"), "cbiou"),
    "trackers sort": (lambda: Roboflow("SORTTracker"), "sort"),
    "trackers ocsort": (lambda: Roboflow("OCSORTTracker"), "ocsort"),
    "trackers bytetrack": (lambda: Roboflow("ByteTrackTracker"), "bytetrack"),
    "trackers botsort": (lambda: Roboflow("BoTSORTTracker", enable_cmc=False), "botsort"),
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
                file.write(f"{frame},{int(identity)},{left:.2f},{top:.2f},{right - left:.2f},{bottom - top:.2f},1,-1,-1,-1\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--onepass", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("oracles"))
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    for name, (make, _config) in ROWS.items():
        if arguments.only and name not in arguments.only:
            continue
        try:
            rival = make()
            for group, (place, sequences, _benchmark) in GROUPS.items():
                for sequence in sequences:
                    output = arguments.out / group / name.replace(", ", "-").replace(" ", "-") / f"{sequence}.txt"
                    output.parent.mkdir(parents=True, exist_ok=True)
                    track(rival, arguments.data / place / sequence, output)
        except Exception as error:
            import traceback; traceback.print_exc()
            print(f"{name}: {type(error).__name__} {error}", flush=True)
            continue
        print(name, "done", flush=True)


if __name__ == "__main__":
    main()
