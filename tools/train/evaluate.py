#!/usr/bin/python3
"""Computes the AP50 of one of our detectors on frames in MOTChallenge layout.

    tools/train/evaluate.py MODEL.pt FOLDER... [--side 640] [--every 1]

FOLDER contains img1/ and gt/gt.txt. AP50 is the area under the precision-recall curve at IoU 0.5, at all its points.
Objects with a visibility below 0.3, objects narrower than 4 or lower than 10 pixels, and objects that the ground truth
marks as ignored count neither as misses nor as false positives. Needs Debian's python3-torch, python3-numpy and
python3-pil.
"""
import argparse
import pathlib
import sys

TOOLS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TOOLS / "train"), str(TOOLS / "models")]

import numpy
import torch
from PIL import Image

from assignment import overlaps
from network import CLASSES, cells, decode, load_stock, raw_maps
from scenes import Scenes, letterboxed, to_tensor

LEAST_SCORE, SUPPRESSION, MOST = 0.01, 0.6, 300


def suppress(boxes, scores):
    """Indices kept by greedy NMS, best first."""
    order = scores.argsort(descending=True, stable=True)[:1000]
    kept, overlap = [], overlaps(boxes[order][:, None], boxes[order][None]).numpy()
    alive = numpy.ones(len(order), bool)
    for i in range(len(order)):
        if alive[i]:
            kept.append(i)
            alive &= overlap[i] <= SUPPRESSION
    return order[kept[:MOST]]


@torch.no_grad()
def detect(model, pixels):
    """Detections in one image, per class: boxes (n × 4) and scores (n), best first."""
    distances, logits, _ = raw_maps(model, pixels[None])
    centers, strides = cells(*pixels.shape[1:], [int(s) for s in model.stride])
    boxes, scores = decode(distances[0], centers, strides), logits[0].sigmoid()
    found = []
    for index in range(scores.shape[1]):
        likely = scores[:, index] > LEAST_SCORE
        kept = suppress(boxes[likely], scores[likely, index])
        found.append((boxes[likely][kept].numpy(), scores[likely, index][kept].numpy()))
    return found


def judge(boxes, scores, truth, wanted):
    """
    Verdict for each detection (best first): 1 true positive, 0 false positive, -1 ignored (it matches an ignored
    object). Each object is matched once, by the best detection with an IoU of at least 0.5.
    """
    verdicts, free = numpy.zeros(len(boxes), int), numpy.ones(len(truth), bool)
    if len(truth) == 0 or len(boxes) == 0:
        return verdicts
    overlap = overlaps(torch.from_numpy(boxes)[:, None], torch.from_numpy(truth).float()[None]).numpy()
    for i in range(len(boxes)):
        candidates = numpy.where(free & wanted, overlap[i], 0)
        if candidates.max() >= 0.5:
            free[candidates.argmax()] = False
            verdicts[i] = 1
        elif numpy.where(~wanted, overlap[i], 0).max() >= 0.5:
            verdicts[i] = -1
    return verdicts


def average_precision(verdicts, scores, count):
    """Area under the precision-recall curve, with precision made non-increasing in recall. NaN without objects."""
    if count == 0:
        return float("nan")
    order = numpy.argsort(-scores, kind="stable")
    right = verdicts[order][verdicts[order] >= 0]
    hits = numpy.cumsum(right)
    precision = numpy.maximum.accumulate((hits / numpy.arange(1, len(right) + 1))[::-1])[::-1]
    return float(precision[right == 1].sum() / count)


def evaluate(model, scenes, side, every=1, progress=None):
    """Average precision and number of objects, per class."""
    verdicts, scores, counts = ([[] for _ in CLASSES], [[] for _ in CLASSES], [0] * len(CLASSES))
    frames = range(0, len(scenes), every)
    for done, frame in enumerate(frames):
        with Image.open(scenes.pictures[frame]) as file:
            picture, objects, _ = letterboxed(file.convert("RGB"), scenes.objects[frame], side)
        found = detect(model, to_tensor(numpy.asarray(picture, numpy.float32) / 255))
        for index, (boxes, certain) in enumerate(found):
            mine = objects.classes == index
            verdicts[index].append(judge(boxes, certain, objects.boxes[mine], objects.wanted[mine]))
            scores[index].append(certain)
            counts[index] += int((mine & objects.wanted).sum())
        if progress:
            progress(done + 1, len(frames))
    join = numpy.concatenate
    return [(average_precision(join(v), join(s), n), n) for v, s, n in zip(verdicts, scores, counts)]


def table(results):
    lines = [f"  {name:<8} AP50 {precision:.3f}  ({count} objects)"
             for name, (precision, count) in zip(CLASSES, results) if count]
    mean = numpy.mean([precision for precision, count in results if count])
    return "\n".join([*lines, f"  mean     AP50 {mean:.3f}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--side", type=int, default=640, help="longer side of the network's input (default 640)")
    parser.add_argument("--every", type=int, default=1, help="use every n-th frame (default 1)")
    options = parser.parse_args()
    model = load_stock(options.model)
    scenes = Scenes(options.folders)
    show = lambda done, all: print(f"\r{done}/{all} frames", end="", file=sys.stderr) if done % 20 == 0 else None
    results = evaluate(model, scenes, options.side, options.every, show if sys.stderr.isatty() else None)
    print(f"{options.model} on {', '.join(options.folders)} at {options.side}:\n{table(results)}")


if __name__ == "__main__":
    main()
