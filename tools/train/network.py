"""The demo network: a small YOLOv8-style detector built from the stock blocks, and its file format.

Layer numbers are those of YOLOv8 (2, 4, 6, 9: backbone levels; 15, 18, 21: neck levels), so that settings for `model.2`
apply to both. Layer 2 is as wide as YOLOv8n's, since embeddings are pooled from it.
"""
import math

import torch
from torch import nn

from stock_blocks import C2f, Concat, Conv, SPPF
from stock_heads import DetectDfl
from stock_model import ULTRALYTICS, Model, stock_names

CLASSES = ("person", "bicycle", "car", "truck")
WIDTHS = (16, 32, 64, 96, 128)  # channels at strides 2, 4, 8, 16, 32
REG_MAX = 16  # bins per side; a box reaches at most 15 strides from its cell


def detect_head(channels, hidden=32):
    head = DetectDfl(len(CLASSES), channels, REG_MAX)
    head.cv2 = nn.ModuleList(
        nn.Sequential(Conv(c, hidden, 3), Conv(hidden, hidden, 3), nn.Conv2d(hidden, 4 * REG_MAX, 1)) for c in channels)
    head.cv3 = nn.ModuleList(
        nn.Sequential(Conv(c, hidden, 3), Conv(hidden, hidden, 3), nn.Conv2d(hidden, len(CLASSES), 1)) for c in channels)
    for boxes, classes in zip(head.cv2, head.cv3):
        nn.init.ones_(boxes[-1].bias)
        nn.init.constant_(classes[-1].bias, -math.log(99))  # prior probability 0.01: nearly all cells are background
    return head


def build(image_size=640):
    up = lambda: nn.Upsample(None, 2.0, "nearest")
    a, b, c, d, e = WIDTHS
    model = Model([
        (-1, Conv(3, a, 3, 2)), (-1, Conv(a, b, 3, 2)), (-1, C2f(b, b, 1, True)), (-1, Conv(b, c, 3, 2)),
        (-1, C2f(c, c, 1, True)), (-1, Conv(c, d, 3, 2)), (-1, C2f(d, d, 1, True)), (-1, Conv(d, e, 3, 2)),
        (-1, C2f(e, e, 1, True)), (-1, SPPF(e, e)),
        (-1, up()), ([-1, 6], Concat()), (-1, C2f(e + d, d)), (-1, up()), ([-1, 4], Concat()), (-1, C2f(d + c, c)),
        (-1, Conv(c, c, 3, 2)), ([-1, 12], Concat()), (-1, C2f(c + d, d)),
        (-1, Conv(d, d, 3, 2)), ([-1, 9], Concat()), (-1, C2f(d + e, e)),
        ([15, 18, 21], detect_head((c, d, e))),
    ], dict(enumerate(CLASSES)), image_size)
    model.set_strides()
    return model


class KeptSigmoid(torch.autograd.Function):
    """SiLU that saves its sigmoid for the backward pass: takes a third of the time of torch's SiLU in bfloat16."""

    @staticmethod
    def forward(context, x):
        sigmoid = torch.sigmoid(x)
        y = x * sigmoid
        context.save_for_backward(sigmoid, y)
        return y

    @staticmethod
    def backward(context, gradient):
        sigmoid, y = context.saved_tensors
        return torch.addcmul(sigmoid, y, 1 - sigmoid).mul_(gradient)


class TrainedSiLU(nn.Module):
    def forward(self, x):
        return KeptSigmoid.apply(x)


def for_training(model):
    """Replaces activations with a version that trains faster; the weights stay compatible with `build`."""
    for module in model.modules():
        if isinstance(module, Conv) and isinstance(module.act, nn.SiLU):
            module.act = TrainedSiLU()
    return model.train().to(memory_format=torch.channels_last)


def raw_maps(model, images):
    """For the cells of all levels, finest first: logits of the distances to the box sides (batch × cells × 4 × bins)
    and class logits (batch × cells × classes). Also returns the outputs of all layers before the head."""
    layers, inputs = model.outputs(images)
    maps = model.model[-1].raw(inputs)
    flat = [m.float().flatten(2).transpose(1, 2) for m in maps]
    boxes, classes = torch.cat(flat[::2], 1), torch.cat(flat[1::2], 1)
    return boxes.unflatten(2, (4, REG_MAX)), classes, layers


def cells(height, width, strides):
    """Center (cells × 2, in pixels) and stride of every cell, in the order of raw_maps."""
    centers, sizes = [], []
    for stride in strides:
        y, x = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        centers.append((torch.stack((x, y), 2).flatten(0, 1) + 0.5) * stride)
        sizes.append(torch.full((len(centers[-1]),), float(stride)))
    return torch.cat(centers), torch.cat(sizes)


def decode(distances, centers, strides):
    """Boxes as left, top, right, bottom in pixels, from logits over bins; each side is the expected bin."""
    bins = torch.arange(distances.shape[-1], dtype=distances.dtype)
    sides = distances.softmax(-1) @ bins * strides[:, None]
    return torch.cat((centers - sides[..., :2], centers + sides[..., 2:]), -1)


def save_stock(model, path):
    """Writes half-precision weights in the layout of stock checkpoints; the model itself is unchanged."""
    copy = build(model.args["imgsz"])
    copy.load_state_dict(model.state_dict())
    copy.half().eval().requires_grad_(False)
    arguments = {"task": "detect", "imgsz": model.args["imgsz"]}
    with stock_names(ULTRALYTICS):
        torch.save({"epoch": -1, "model": copy, "ema": None, "train_args": arguments}, path)


def load_stock(path):
    """Inverse of save_stock. Loading executes code in the file: use it only for our own files."""
    with stock_names(ULTRALYTICS):
        model = torch.load(path, map_location="cpu")["model"]
    return model.float().eval()
