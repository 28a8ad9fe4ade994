"""A network as a chain of layers, like stock YOLO networks, and the class names under which it is saved."""
import contextlib
import sys
import types

import torch
from torch import nn

from stock_blocks import (
    A2C2f, AAttn, ABlock, ADown, Attention, Bottleneck, C2f, C2fCIB, C3k, C3k2, CBFuse, CBLinear, CIB, Concat, Conv, PSA,
    PSABlock, RepBottleneck, RepConv, RepCSP, RepNCSPELAN4, RepVGGDW, SCDown, SPPF, Shortcut,
)
from stock_heads import (
    DFL, DetectAnchors, DetectDfl, DetectOneToOne, Oriented, Pose, Pose26, Proto, Proto26, Segment, Segment26,
)


class Model(nn.Module):
    """A chain of layers; a layer reads the layers in its attribute `f`, where -1 is the previous layer."""

    def __init__(self, chain, names, image_size):
        super().__init__()
        for index, (sources, layer) in enumerate(chain):
            layer.i, layer.f, layer.type = index, sources, "layer"
        self.model = nn.Sequential(*(layer for _, layer in chain))
        self.names = names
        self.args = {"task": "detect", "imgsz": image_size}

    def outputs(self, x):
        """Returns the outputs of all layers before the head, and the inputs of the head."""
        results = []
        for layer in self.model:
            sources = [layer.f] if isinstance(layer.f, int) else layer.f
            read = [x if not results and source == -1 else results[source] for source in sources]
            if layer is self.model[-1]:
                return results, read
            results.append(layer(read if isinstance(layer, (Concat, Shortcut, CBFuse)) else read[0]))

    def forward(self, x):
        return self.model[-1](self.outputs(x)[1])

    def set_strides(self, side=128):
        head = self.model[-1]
        with torch.no_grad():
            inputs = self.eval().outputs(torch.zeros(1, 3, side, side))[1]
        head.stride = torch.tensor([float(side // x.shape[2]) for x in inputs[:head.nl]])
        self.stride = head.stride
        if isinstance(head, DetectAnchors):
            head.anchors /= head.stride.view(-1, 1, 1)


class SuppressedModel(nn.Module):
    """A network followed by non-maximum suppression, as in exports with `nms=True`."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        boxes, scores = self.model(x)[0][0].transpose(0, 1).split((4, len(self.model.names)), 1)
        best, classes = scores.max(1)
        kept = torch.ops.torchvision.nms(boxes + 4096 * classes[:, None], best, 0.7)
        return torch.cat((boxes[kept], best[kept, None], classes[kept, None]), 1)[None]


ULTRALYTICS = {
    "ultralytics.nn.modules.conv": (Conv, Concat, RepConv),
    "ultralytics.nn.modules.block": (
        A2C2f, AAttn, ABlock, ADown, Attention, Bottleneck, C2f, C2fCIB, C3k, C3k2, CBFuse, CBLinear, CIB, DFL, PSA,
        PSABlock, Proto, Proto26, RepBottleneck, RepCSP, RepNCSPELAN4, RepVGGDW, SCDown, SPPF),
    "ultralytics.nn.modules.head": ((DetectDfl, "Detect"), (DetectOneToOne, "v10Detect"), (Oriented, "OBB"),
                                    Pose, Pose26, Segment, Segment26),
    "ultralytics.nn.tasks": ((Model, "DetectionModel"),),
    "ultralytics.engine.exporter": ((SuppressedModel, "NMSModel"),),
}


@contextlib.contextmanager
def stock_names(places):
    """Temporarily gives the classes the names that stock files record, while files are written or read."""
    before, added = [], []
    for name, classes in places.items():
        parts = name.split(".")
        for path in (".".join(parts[: i + 1]) for i in range(len(parts))):
            if path not in sys.modules:
                sys.modules[path] = types.ModuleType(path)
                added.append(path)
        for entry in classes:
            cls, shown = entry if isinstance(entry, tuple) else (entry, entry.__name__)
            before.append((cls, cls.__module__, cls.__name__))
            cls.__module__, cls.__name__, cls.__qualname__ = name, shown, shown
            setattr(sys.modules[name], shown, cls)
    try:
        yield
    finally:
        for cls, module, name in before:
            cls.__module__, cls.__name__, cls.__qualname__ = module, name, name
        for path in added:
            del sys.modules[path]
