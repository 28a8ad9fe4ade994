#!/usr/bin/env python3
"""Makes segmentation, pose and oriented-box models with the ultralytics package and records what it finds in pictures.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install ultralytics onnx onnxruntime openvino pycocotools
    /tmp/reference/bin/python tools/models/reference_shapes.py FOLDER PICTURE... [--models yolo11n-seg yolov8n-obb]
    ONEPASS_REFERENCE_SHAPES=FOLDER build/release/tests/reference_shapes_test

The models have the published structure and random weights, so nothing is downloaded. Each is recorded as a checkpoint
and as exports to ONNX (with and without non-maximum suppression) and OpenVINO. FILE.json contains the objects that the
package finds with FILE: boxes, scores, masks at the size of the picture, keypoints and rotated boxes. OpenVINO computes
in f32, as in the test; by default it would use bfloat16 where the processor has it.

Deep random networks amplify rounding. Where the test finds few of the objects, compare the package with itself first:
of its 116 objects with yolo11n-pose.onnx, it finds 89 with the OpenVINO export, and so does onepass.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys

os.environ.setdefault("YOLO_OFFLINE", "True")
os.environ.setdefault("YOLO_AUTOINSTALL", "False")

import cv2
import numpy as np
import openvino
import torch
from pycocotools import mask as coco
from ultralytics import YOLO

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from reference_models import randomize

MODELS = [f"{family}-{task}" for family in ("yolov8n", "yolo11n", "yolo26n") for task in ("seg", "pose", "obb")]
MODELS += ["yolo12n-seg", "yolov9c-seg"]
SETTINGS = {"imgsz": 320, "conf": 0.25, "iou": 0.6, "max_det": 60}


compile_model = openvino.Core.compile_model


def compile_in_f32(core, *arguments, config=None, **others):
    return compile_model(core, *arguments, config={**(config or {}), "INFERENCE_PRECISION_HINT": "f32"}, **others)


openvino.Core.compile_model = compile_in_f32


def objects_in(result):
    """The objects of a picture, as values of JSON. Heads without suppression may give a box again with another class, of
    which onepass takes the best."""
    found = result.obb if result.obb is not None else result.boxes
    places = (found.xywhr if result.obb is not None else found.xyxy).tolist()
    for i in range(len(found)):
        if places[i] in places[:i]:
            continue
        entry = {"score": float(found.conf[i]), "class": int(found.cls[i]), "box": found.xyxy[i].tolist()}
        if result.obb is not None:
            entry["xywhr"] = found.xywhr[i].tolist()
        if result.masks is not None:
            runs = coco.encode(np.asfortranarray(result.masks.data[i].numpy().astype(np.uint8)))
            entry["mask"] = {"size": runs["size"], "counts": runs["counts"].decode()}
        if result.keypoints is not None:
            entry["keypoints"] = result.keypoints.data[i].tolist()
        yield entry


def record(path, task, pictures, **options):
    """Writes PATH.json: what the package finds with this model."""
    model = YOLO(path, task=task)
    found = {}
    for picture in pictures:
        result = model.predict(str(picture), retina_masks=True, verbose=False, **SETTINGS, **options)[0]
        found[picture.name] = list(objects_in(result))
    with open(f"{path}.json", "w", encoding="utf-8") as file:
        json.dump({**SETTINGS, "task": task, "pictures": found}, file)
    print(f"{path.name}: {sum(map(len, found.values()))} objects", flush=True)


def export(checkpoint, target, **options):
    """Exports a copy of the checkpoint, because the exporter chooses the name of its file."""
    copy = checkpoint.with_name(f"exported_{checkpoint.name}")
    shutil.copy(checkpoint, copy)
    made = pathlib.Path(YOLO(copy).export(imgsz=SETTINGS["imgsz"], **options))
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(made, target)
    for left in checkpoint.parent.glob(f"exported_{checkpoint.stem}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def tame(head):
    """Makes the boxes of a head without DFL a few cells large, and its scores different: random weights would give
    negative sizes and scores of 1."""
    for boxes, classes in ((head.cv2, head.cv3), (head.one2one_cv2, head.one2one_cv3)):
        for branch in boxes:
            torch.nn.init.uniform_(branch[-1].bias, 1, 4)
            branch[-1].weight.data *= 0.1
        for branch in classes:
            torch.nn.init.uniform_(branch[-1].bias, -3, 0)
            branch[-1].weight.data *= 0.3


def as_batch(pictures):
    """The pictures and their mirror images, square: deep layers would explode on other values than they are made for."""
    side = SETTINGS["imgsz"]
    images = [cv2.resize(cv2.imread(str(picture)), (side, side))[:, :, ::-1].copy() for picture in pictures]
    batch = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 255
    return torch.cat([batch, batch.flip(3)])


def make(folder, name, pictures):
    model = YOLO(f"{name}.yaml")
    randomize(model.model, SETTINGS["imgsz"], SETTINGS["imgsz"], as_batch(pictures))
    if hasattr(model.model.model[-1], "one2one_cv2"):
        tame(model.model.model[-1])
    checkpoint = folder / f"{name}.pt"
    model.save(checkpoint)
    # Of two heads, onepass reads the one that needs no suppression. The package chooses it only where that is asked for.
    options = {"nms": False} if hasattr(model.model.model[-1], "one2one_cv2") else {}
    record(checkpoint, model.task, pictures, **options)
    export(checkpoint, folder / f"{name}.onnx", format="onnx", simplify=False, **options)
    record(folder / f"{name}.onnx", model.task, pictures)
    if options:
        return  # end to end: no other exports
    suppressed = {key: SETTINGS[key] for key in ("conf", "iou", "max_det")}
    export(checkpoint, folder / f"{name}-nms.onnx", format="onnx", simplify=False, nms=True, **suppressed)
    record(folder / f"{name}-nms.onnx", model.task, pictures)
    export(checkpoint, folder / f"{name}_openvino_model", format="openvino")
    record(folder / f"{name}_openvino_model", model.task, pictures)


def four_to_three(picture):
    """The middle of the picture, with sides of 4 to 3. Then its place in the input begins at a whole cell of the
    prototypes; the package moves masks by a part of a cell otherwise."""
    height, width = picture.shape[:2]
    short = min(height, width, max(height, width) * 3 // 4) // 3 * 3
    tall, wide = (short, short * 4 // 3) if width > height else (short * 4 // 3, short)
    top, left = (height - tall) // 2, (width - wide) // 2
    return picture[top:top + tall, left:left + wide]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pictures", type=pathlib.Path, nargs="+")
    parser.add_argument("--models", nargs="+", default=MODELS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for i, given in enumerate(arguments.pictures):  # as PNG: decoders of JPEG differ
        pictures.append(arguments.folder / f"picture_{i}.png")
        cv2.imwrite(str(pictures[-1]), four_to_three(cv2.imread(str(given))))
    torch.manual_seed(7)
    failed = []
    for name in arguments.models:
        try:
            make(arguments.folder, name, pictures)
        except Exception as error:  # continue with the other models
            failed.append(name)
            print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
