#!/usr/bin/env python3
"""Makes models of every family with the ultralytics package and records their outputs.

    python -m venv /tmp/reference && /tmp/reference/bin/pip install ultralytics
    /tmp/reference/bin/python tools/models/reference_models.py FOLDER      (the smallest of each family and task)
    /tmp/reference/bin/python tools/models/reference_models.py FOLDER yolo11x yolov8s-obb yolo26n-end2end
    ONEPASS_REFERENCE_MODELS=FOLDER build/release/tests/reference_models_test

The models have the published structure and random weights, so nothing is downloaded. For each model, FOLDER contains
NAME.pt (saved by the package), NAME.torchscript (exported by it) and NAME.golden: the outputs of every layer, the raw
maps of the head and the decoded boxes for a fixed texture, computed in double precision by the package from the saved
file.

v10 and 26 have two heads. NAME-end2end uses the one-to-one head (the package's choice with `nms=False`). NAME uses the
other head, the only one in an export without that option; it has no NAME.pt.
"""
import contextlib
import os
import pathlib
import sys

os.environ.setdefault("YOLO_OFFLINE", "True")
os.environ.setdefault("YOLO_AUTOINSTALL", "False")

import torch
from torch import nn
from ultralytics import YOLO

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make_test_models import pattern, write_golden

SMALLEST = [
    "yolo11n", "yolo11n-seg", "yolo11n-pose", "yolo11n-obb",
    "yolov10n", "yolov10n-end2end", "yolov10s-end2end",
    "yolov9t", "yolov9s", "yolov9m", "yolov9c", "yolov9e", "yolov9c-seg",
    "yolo12n", "yolo12n-seg", "yolo12n-pose", "yolo12n-obb",
    "yolov8n", "yolov8n-seg", "yolov8n-pose", "yolov8n-obb", "yolov8n-p2", "yolov8n-p6", "yolov8n-ghost",
    "yolov5nu", "yolov5n6u", "yolov3u", "yolov3-sppu", "yolov3-tinyu",
    "yolo26n", "yolo26n-end2end", "yolo26n-seg-end2end", "yolo26n-pose-end2end", "yolo26n-obb-end2end", "yolo26n-obb",
    "yolo26n-p2-end2end",
]

END_TO_END = "-end2end"


def build(name):
    """Builds the model from the package's own configuration, without trained weights."""
    base = name.removesuffix(END_TO_END)
    return YOLO(f"{base.replace('6u', '-p6').removesuffix('u')}.yaml")


def randomize(model, height, width, images=None):
    """Sets random weights and the batch statistics of one pass, so that maps neither vanish nor explode.

    images: what the pass sees, N x 3 x height x width in [0, 1]; by default a texture and its variants."""
    torch.manual_seed(7)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.3, 0.6)
        nn.init.uniform_(norm.bias, -0.3, 0.3)
        norm.momentum = 1.0
    for module in model.modules():
        if isinstance(module, nn.Conv2d) and module.bias is not None:
            nn.init.normal_(module.bias, 0, 0.5)
        if isinstance(getattr(module, "gamma", None), nn.Parameter):
            nn.init.uniform_(module.gamma, 0.2, 0.6)
    if images is None:
        image = pattern(height, width)
        images = torch.cat([image, 1 - image, torch.rand_like(image), image.flip(2)])
    with torch.no_grad():
        model.train()(images)
    for norm in norms:
        norm.momentum = 0.03
    model.eval()


def first_tensor(value):
    return value if torch.is_tensor(value) else first_tensor(value[0])


@contextlib.contextmanager
def recorded(named_modules):
    """Collects the outputs of modules, by name, while the model runs."""
    outputs = {}

    def keep(name):
        def hook(_module, _inputs, output):
            if torch.is_tensor(output):
                outputs[name] = output.detach().clone()
            else:  # a map split into several tensors
                outputs[name] = torch.cat(list(output), 1).detach().clone()
        return hook

    handles = [module.register_forward_hook(keep(name)) for name, module in named_modules]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def head_parts(head, end_to_end):
    prefix = "one2one_" if end_to_end else ""
    parts = {"boxes": "cv2", "classes": "cv3", "angles": "cv4" if type(head).__name__.startswith("OBB") else None}
    for label, part in parts.items():
        if part:
            for level, module in enumerate(getattr(head, prefix + part)):
                yield f"{label} {level}", module


def golden(model, image, end_to_end):
    """Named outputs, computed in double precision so that only the rounding of the tested code matters."""
    model = model.double().eval()
    head = model.model[-1]
    if end_to_end:
        head.end2end = True
    watched = [(f"layer {i}", layer) for i, layer in enumerate(model.model[:-1])] + list(head_parts(head, end_to_end))
    with torch.no_grad(), recorded(watched) as outputs:
        predicted = first_tensor(model(image.double()))
    outputs["rows" if end_to_end else "decoded"] = predicted
    return list(outputs.items())


def make(folder, name):
    end_to_end = name.endswith(END_TO_END)
    model = build(name)
    stride = int(max(model.model.stride))
    height, width = (96, 128) if stride <= 32 else (2 * stride, 3 * stride)
    randomize(model.model, height, width)
    path = folder / f"{name}.pt"
    model.save(path)
    model = YOLO(path).model
    two_heads = hasattr(model.model[-1], "one2one_cv2")
    tensors = golden(model, pattern(height, width), end_to_end)
    write_golden(folder / f"{name}.golden", [("size", torch.tensor([height, width]))] + tensors)
    options = {"nms": False} if end_to_end else {}
    YOLO(path).export(format="torchscript", imgsz=(height, width), **options)
    if two_heads and not end_to_end:
        path.unlink()  # same file as NAME-end2end.pt, whose reference describes the other head
    deviation = max(tensor.std().item() for label, tensor in tensors if label.startswith("layer"))
    print(f"{name}: {len(tensors)} tensors, largest standard deviation of a layer {deviation:.2f}", flush=True)


def make_all(make_one, usual, usage):
    """Calls make_one(folder, name) for every name on the command line, or the usual names; reports those that fail."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(usage)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in sys.argv[2:] or usual:
        try:
            make_one(folder, name)
        except Exception as error:  # continue with the other models
            failed.append(name)
            print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}", file=sys.stderr, flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    make_all(make, SMALLEST, __doc__)
