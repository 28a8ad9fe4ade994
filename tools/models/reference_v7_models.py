#!/usr/bin/env python3
"""Makes YOLOv7 models of every size with the sas-yolov7 package and records their outputs.

    /tmp/reference/bin/pip install ultralytics && /tmp/reference/bin/pip install --no-deps sas-yolov7
    /tmp/reference/bin/python tools/models/reference_v7_models.py FOLDER     (every size)
    /tmp/reference/bin/python tools/models/reference_v7_models.py FOLDER yolov7-tiny yolov7-w6-deploy
    ONEPASS_REFERENCE_MODELS=FOLDER build/release/tests/reference_models_test

The structure is that of the package's training configurations (heads IDetect and IAuxDetect); for NAME-deploy, of those
for inference (head Detect). The files are those of reference_models.py. NAME.pt is saved as the authors' files are:
classes in `models`, half precision. NAME.torchscript is traced as the authors' exporter does: fused, without decoding.
Fusing drops the auxiliary outputs of IAuxDetect.
"""
import contextlib
import pathlib
import sys

import sas_yolov7
import torch
from torch import nn
from sas_yolov7.models import common, experimental, yolo

from make_test_models import pattern, write_golden
from reference_models import first_tensor, make_all, randomize, recorded

EVERY_SIZE = ["yolov7-tiny", "yolov7", "yolov7x", "yolov7-w6", "yolov7-e6", "yolov7-d6", "yolov7-e6e",
              "yolov7-tiny-deploy", "yolov7-w6-deploy", "yolov7-e6e-deploy"]
STOCK_MODULES = {"models": sas_yolov7.models, "models.common": common, "models.yolo": yolo,
                 "models.experimental": experimental}
DEPLOY = "-deploy"


@contextlib.contextmanager
def stock_names():
    """Temporarily gives the package's classes the names that stock files record."""
    renamed = []
    for name, module in STOCK_MODULES.items():
        sys.modules[name] = module
        for cls in vars(module).values():
            if isinstance(cls, type) and cls.__module__ == f"sas_yolov7.{name}":
                cls.__module__ = name
                renamed.append(cls)
    try:
        yield
    finally:
        for cls in renamed:
            cls.__module__ = f"sas_yolov7.{cls.__module__}"
        for name in STOCK_MODULES:
            del sys.modules[name]


def build(name):
    """Builds the model from the package's own configuration, without trained weights."""
    folder = "deploy" if name.endswith(DEPLOY) else "training"
    path = pathlib.Path(sas_yolov7.__file__).parent / "cfg" / folder / f"{name.removesuffix(DEPLOY)}.yaml"
    return yolo.Model(str(path))


def read(path):
    with stock_names():
        return torch.load(path, map_location="cpu", weights_only=False)["model"].float().eval()


def golden(model, image):
    """Named outputs, computed in double precision so that only the rounding of the tested code matters."""
    model, head = model.double(), model.model[-1]
    raw = head.im if hasattr(head, "im") else head.m
    watched = [(f"layer {i}", layer) for i, layer in enumerate(model.model[:-1])]
    watched += [(f"boxes {i}", part) for i, part in enumerate(raw)]
    with torch.no_grad(), recorded(watched) as outputs:
        outputs["decoded"] = first_tensor(model(image.double()))
    return list(outputs.items())


def make(folder, name):
    model = build(name)
    stride = int(max(model.stride))
    height, width = (96, 128) if stride <= 32 else (2 * stride, 3 * stride)
    randomize(model, height, width)
    for module in model.modules():
        if hasattr(module, "implicit"):
            nn.init.normal_(module.implicit, module.implicit.mean().item(), 0.2)
    path = folder / f"{name}.pt"
    with stock_names():
        torch.save({"epoch": -1, "model": model.half(), "ema": None}, path)
    tensors = golden(read(path), pattern(height, width))
    write_golden(folder / f"{name}.golden", [("size", torch.tensor([height, width]))] + tensors)
    model = read(path).requires_grad_(False).fuse()
    model.model[-1].export = True
    image = torch.zeros(1, 3, height, width)
    with torch.no_grad(), stock_names():
        model(image)
        torch.jit.trace(model, image, strict=False).save(str(folder / f"{name}.torchscript"))
    deviation = max(tensor.std().item() for label, tensor in tensors if label.startswith("layer"))
    print(f"{name}: {len(tensors)} tensors, largest standard deviation of a layer {deviation:.2f}", flush=True)


if __name__ == "__main__":
    make_all(make, EVERY_SIZE, __doc__)
