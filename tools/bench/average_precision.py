#!/usr/bin/env python3
"""AP at IoU .5 of a model's people in several precisions, as the package pycocotools counts it.

usage: average_precision.py --model MODEL [--quantized MODEL] [--imgsz N] [--precisions P,P] SEQUENCE...

A SEQUENCE is a folder of the MOTChallenge (img1, gt/gt.txt). Ground truth that is marked with 0 does not count. Needs
the Python package of onepass (PYTHONPATH=build/release/python) and pycocotools.
"""
import argparse
import contextlib
import io
import pathlib

import cv2
import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

import onepass


def truth(sequence):
    rows = np.loadtxt(sequence / "gt" / "gt.txt", delimiter=",", ndmin=2)
    return [{"id": number + 1, "image_id": int(row[0]), "category_id": 1, "bbox": row[2:6].tolist(),
             "area": float(row[4] * row[5]), "iscrowd": int(row[6] == 0), "ignore": int(row[6] == 0)}
            for number, row in enumerate(rows)]


def detections(sequence, model, precision, imgsz):
    detector = onepass.Detector(model, {"detector.precision": precision, "detector.imgsz": imgsz,
                                        "detector.classes": ["person"], "detector.conf": 0.01,
                                        "embed.method": "none"})
    found = []
    for path in sorted((sequence / "img1").iterdir()):
        result = detector.detect(cv2.imread(str(path)))
        found += [{"image_id": int(path.stem), "category_id": 1, "bbox": box.tolist(), "score": float(score)}
                  for box, score in zip(result.boxes, result.scores)]
    return found


def average_precision(annotations, found, frames):
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {"images": [{"id": frame} for frame in frames], "annotations": annotations,
                        "categories": [{"id": 1, "name": "person"}]}
        coco.createIndex()
        judged = COCOeval(coco, coco.loadRes(found), "bbox")
        judged.params.iouThrs = np.array([0.5])
        judged.params.areaRng, judged.params.areaRngLbl = [[0, 1e10]], ["all"]
        judged.params.maxDets = [300]
        judged.evaluate()
        judged.accumulate()
    precisions = judged.eval["precision"]
    return float(precisions[precisions >= 0].mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--quantized", help="the model of onepass quantize")
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--precisions", default="f32,bf16")
    parser.add_argument("sequences", nargs="+", type=pathlib.Path, metavar="SEQUENCE")
    options = parser.parse_args()
    rows = [(precision, options.model) for precision in options.precisions.split(",")]
    if options.quantized:
        rows.append(("int8", options.quantized))
    for sequence in options.sequences:
        frames = sorted(int(path.stem) for path in (sequence / "img1").iterdir())
        for precision, model in rows:
            found = detections(sequence, model, precision, options.imgsz)
            print(f"{sequence.name:16} {precision:5} AP50 {100 * average_precision(truth(sequence), found, frames):.2f}",
                  flush=True)


if __name__ == "__main__":
    main()
