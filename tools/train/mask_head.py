#!/usr/bin/env python3
"""Gives a stock detector a mask head, so that masks can be measured where no segmentation weights are at hand.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install ultralytics pycocotools
    build/release/tools/scene/make_scene SCENES --training 600 --masks
    /tmp/reference/bin/python tools/train/mask_head.py SCENES yolov8n.pt yolov8n-seg.pt

Everything that the detector has learned stays as it is: boxes, classes and feature maps are those of the given file. Only
the prototypes and the coefficients of the masks are trained, on the visible pixels of generated people and cars.
"""
import argparse
import os
import pathlib
import random

os.environ.setdefault("YOLO_OFFLINE", "True")
os.environ.setdefault("YOLO_AUTOINSTALL", "False")

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from pycocotools import mask as coco
from ultralytics import YOLO

LEAST_PIXELS = 60  # of an object that is learned from
CELLS_PER_LEVEL = 3  # cells of each level that must predict an object's mask
STRIDES = (8, 16, 32)
PROTOTYPE_STRIDE = 4


def read_masks(folder):
    """Frame number -> masks of the visible pixels."""
    frames = {}
    for row in (folder / "gt" / "mots.txt").read_text().splitlines():
        frame, _, _, height, width, counts = row.split(" ")
        mask = coco.decode({"size": [int(height), int(width)], "counts": counts})
        if mask.sum() >= LEAST_PIXELS:
            frames.setdefault(int(frame), []).append(mask)
    return frames


def read_features(model, folder, frames):
    """What the head sees of each picture, and the masks at the resolution of the prototypes."""
    seen = []
    handle = model.model[-1].register_forward_pre_hook(lambda _, inputs: seen.append([x.half() for x in inputs[0]]))
    samples = []
    for number, masks in sorted(frames.items()):
        picture = cv2.imread(str(folder / "img1" / f"{number:06}.jpg"))
        if picture.shape[0] % 32 or picture.shape[1] % 32:
            raise SystemExit(f"{folder}: the sides of the pictures are not multiples of 32")
        values = torch.from_numpy(np.ascontiguousarray(picture[:, :, ::-1])).permute(2, 0, 1)[None].float() / 255
        with torch.no_grad():
            model(values)
        shares = F.avg_pool2d(torch.from_numpy(np.stack(masks)).float()[:, None], PROTOTYPE_STRIDE)[:, 0]
        samples.append((seen.pop(), shares))
    handle.remove()
    return samples


def loss_of(head, features, shares, choice):
    """Binary cross-entropy of each object's mask inside its box; several cells predict each object."""
    features = [x.float() for x in features]
    prototypes = head.proto(features[0])[0]
    coefficients = [branch(x)[0] for branch, x in zip(head.cv4, features)]
    losses = []
    for share in shares:
        rows, columns = torch.nonzero(share > 0.25, as_tuple=True)
        if len(rows) == 0:
            continue
        top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
        target = (share[top:bottom, left:right] > 0.5).float()
        for level, stride in enumerate(STRIDES):
            for _ in range(CELLS_PER_LEVEL):
                spot = choice.randrange(len(rows))
                y = min(int(rows[spot]) * PROTOTYPE_STRIDE // stride, coefficients[level].shape[1] - 1)
                x = min(int(columns[spot]) * PROTOTYPE_STRIDE // stride, coefficients[level].shape[2] - 1)
                logits = torch.einsum("c,cyx->yx", coefficients[level][:, y, x], prototypes[:, top:bottom, left:right])
                losses.append(F.binary_cross_entropy_with_logits(logits, target))
    return torch.stack(losses).mean() if losses else None


def train(head, samples, steps, batch):
    parts = [head.proto, head.cv4]
    weights = [w for part in parts for w in part.parameters()]
    for w in weights:
        w.requires_grad_(True)
    for part in parts:
        part.train()
    optimizer = torch.optim.AdamW(weights, 3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, steps)
    choice = random.Random(7)
    mean = 0.7
    for step in range(1, steps + 1):
        losses = [loss_of(head, *samples[choice.randrange(len(samples))], choice) for _ in range(batch)]
        loss = torch.stack([value for value in losses if value is not None]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        mean += 0.02 * (float(loss) - mean)
        if step % 100 == 0:
            print(f"step {step}: loss {mean:.3f}", flush=True)
    for part in parts:
        part.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", type=pathlib.Path, help="a folder of make_scene --training --masks")
    parser.add_argument("detector", type=pathlib.Path, help="YOLOv8n, .pt")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(7)
    torch.set_num_threads(options.threads)
    network = YOLO("yolov8n-seg.yaml").load(options.detector)
    model = network.model.eval()
    for weight in model.parameters():
        weight.requires_grad_(False)
    samples = read_features(model, options.scenes, read_masks(options.scenes))
    print(f"{len(samples)} pictures with {sum(len(shares) for _, shares in samples)} objects", flush=True)
    train(model.model[-1], samples, options.steps, options.batch)
    network.save(options.out)


if __name__ == "__main__":
    main()
