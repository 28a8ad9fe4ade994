#!/usr/bin/env python3
"""Writes tests/data/tiny_*: small networks with random weights in the layout of stock files, and what they compute.

    tools/make_test_models.py [FOLDER]           (needs torch; default folder: tests/data)
    tools/make_test_models.py --run MODEL.pt HEIGHT WIDTH OUT.golden   (a real v5 or v8 checkpoint; executes it, so
                                                                       only for files from a source you trust)

The modules are minimal definitions of our own, after published structure; they carry the class names that stock files
record, so that the files look like stock ones from outside. A golden file is one line of JSON (a list of name and
shape) followed by the tensors' float32 numbers. The input is not stored: see `pattern`.
"""
import contextlib
import json
import pathlib
import sys
import types

import torch
from torch import nn

STRIDE_PAD = {1: 0, 3: 1, 5: 2, 6: 2, 7: 3}


def pattern(height, width):
    """The test image: a fixed texture in [0, 1] that C++ computes alike (tests/support/golden.hpp)."""
    c, y, x = torch.meshgrid(torch.arange(3), torch.arange(height), torch.arange(width), indexing="ij")
    return (((x * 37 + y * 101 + c * 53 + x * y * 7) % 256).float() / 255)[None]


# ---------------------------------------------------------------- blocks


class Conv(nn.Module):
    def __init__(self, inputs, outputs, k=1, s=1, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, k, s, STRIDE_PAD[k], groups=g, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)
        self.act = nn.SiLU(inplace=True) if act is True else act or nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Focus(nn.Module):
    def __init__(self, inputs, outputs, k):
        super().__init__()
        self.conv = Conv(4 * inputs, outputs, k)

    def forward(self, x):
        corners = [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]]
        return self.conv(torch.cat(corners, 1))


class Concat(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = 1

    def forward(self, xs):
        return torch.cat(xs, self.d)


class Bottleneck(nn.Module):
    def __init__(self, channels, hidden, kernels, shortcut=True):
        super().__init__()
        self.cv1 = Conv(channels, hidden, kernels[0])
        self.cv2 = Conv(hidden, channels, kernels[1])
        self.add = shortcut

    def forward(self, x):
        y = self.cv2(self.cv1(x))
        return x + y if self.add else y


class C3(nn.Module):
    def __init__(self, inputs, outputs, n=1, shortcut=True, part=None):
        super().__init__()
        hidden = outputs // 2
        self.cv1 = Conv(inputs, hidden)
        self.cv2 = Conv(inputs, hidden)
        self.cv3 = Conv(2 * hidden, outputs)
        part = part or (lambda: Bottleneck(hidden, hidden, (1, 3), shortcut))
        self.m = nn.Sequential(*(part() for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


class BottleneckCSP(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        hidden = outputs // 2
        self.cv1 = Conv(inputs, hidden)
        self.cv2 = nn.Conv2d(inputs, hidden, 1, bias=False)
        self.cv3 = nn.Conv2d(hidden, hidden, 1, bias=False)
        self.cv4 = Conv(2 * hidden, outputs)
        self.bn = nn.BatchNorm2d(2 * hidden)
        self.act = nn.LeakyReLU(0.1, inplace=True)
        self.m = nn.Sequential(Bottleneck(hidden, hidden, (1, 3)))

    def forward(self, x):
        return self.cv4(self.act(self.bn(torch.cat((self.cv3(self.m(self.cv1(x))), self.cv2(x)), 1))))


class C2f(nn.Module):
    def __init__(self, inputs, outputs, n=1, shortcut=False, part=None):
        super().__init__()
        hidden = self.c = outputs // 2
        self.cv1 = Conv(inputs, 2 * hidden)
        self.cv2 = Conv((2 + n) * hidden, outputs)
        part = part or (lambda: Bottleneck(hidden, hidden, (3, 3), shortcut))
        self.m = nn.ModuleList(part() for _ in range(n))

    def forward(self, x):
        parts = list(self.cv1(x).chunk(2, 1))
        for part in self.m:
            parts.append(part(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class C3k2(C2f):
    pass


class C2fCIB(C2f):
    pass


class C3k(C3):
    pass


class SPPF(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, inputs // 2)
        self.cv2 = Conv(2 * inputs, outputs)
        self.m = nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        parts = [self.cv1(x)]
        for _ in range(3):
            parts.append(self.m(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class SPP(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, inputs // 2)
        self.cv2 = Conv(2 * inputs, outputs)
        self.m = nn.ModuleList(nn.MaxPool2d(k, 1, k // 2) for k in (5, 9, 13))

    def forward(self, x):
        x = self.cv1(x)
        return self.cv2(torch.cat([x] + [m(x) for m in self.m], 1))


class SP(nn.Module):
    def __init__(self, k, s):
        super().__init__()
        self.m = nn.MaxPool2d(k, s, k // 2)

    def forward(self, x):
        return self.m(x)


class MP(nn.Module):
    def __init__(self):
        super().__init__()
        self.m = nn.MaxPool2d(2, 2)

    def forward(self, x):
        return self.m(x)


class SPPCSPC(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, outputs)
        self.cv2 = Conv(inputs, outputs)
        self.cv3 = Conv(outputs, outputs, 3)
        self.cv4 = Conv(outputs, outputs)
        self.m = nn.ModuleList(nn.MaxPool2d(k, 1, k // 2) for k in (5, 9, 13))
        self.cv5 = Conv(4 * outputs, outputs)
        self.cv6 = Conv(outputs, outputs, 3)
        self.cv7 = Conv(2 * outputs, outputs)

    def forward(self, x):
        deep = self.cv4(self.cv3(self.cv1(x)))
        deep = self.cv6(self.cv5(torch.cat([deep] + [m(deep) for m in self.m], 1)))
        return self.cv7(torch.cat((deep, self.cv2(x)), 1))


class SPPELAN(nn.Module):
    def __init__(self, inputs, outputs, hidden):
        super().__init__()
        self.cv1 = Conv(inputs, hidden)
        self.cv2, self.cv3, self.cv4 = (nn.MaxPool2d(5, 1, 2) for _ in range(3))
        self.cv5 = Conv(4 * hidden, outputs)

    def forward(self, x):
        parts = [self.cv1(x)]
        for pool in (self.cv2, self.cv3, self.cv4):
            parts.append(pool(parts[-1]))
        return self.cv5(torch.cat(parts, 1))


class AConv(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, outputs, 3, 2)

    def forward(self, x):
        return self.cv1(nn.functional.avg_pool2d(x, 2, 1, 0))


class ADown(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs // 2, outputs // 2, 3, 2)
        self.cv2 = Conv(inputs // 2, outputs // 2)

    def forward(self, x):
        a, b = nn.functional.avg_pool2d(x, 2, 1, 0).chunk(2, 1)
        return torch.cat((self.cv1(a), self.cv2(nn.functional.max_pool2d(b, 3, 2, 1))), 1)


class RepConv(nn.Module):
    """As in v9: two convolutions and perhaps a normalised identity."""

    def __init__(self, channels, identity=False):
        super().__init__()
        self.conv1 = Conv(channels, channels, 3, act=False)
        self.conv2 = Conv(channels, channels, 1, act=False)
        self.bn = nn.BatchNorm2d(channels) if identity else None
        self.act = nn.SiLU(inplace=True)

    def forward(self, x):
        return self.act(self.conv1(x) + self.conv2(x) + (0 if self.bn is None else self.bn(x)))


class RepConvBranches(nn.Module):
    """As in v7, under the class name RepConv."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.rbr_identity = nn.BatchNorm2d(inputs) if inputs == outputs else None
        self.rbr_dense = nn.Sequential(nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.rbr_1x1 = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.act = nn.SiLU(inplace=True)

    def forward(self, x):
        identity = 0 if self.rbr_identity is None else self.rbr_identity(x)
        return self.act(self.rbr_dense(x) + self.rbr_1x1(x) + identity)


class RepBottleneck(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.cv1 = RepConv(channels)
        self.cv2 = Conv(channels, channels, 3)
        self.add = True

    def forward(self, x):
        return x + self.cv2(self.cv1(x))


class RepCSP(C3):
    pass


class RepNCSPELAN4(nn.Module):
    def __init__(self, inputs, outputs, hidden):
        super().__init__()
        def branch(first):
            csp = RepCSP(first, hidden, part=lambda: RepBottleneck(hidden // 2))
            return nn.Sequential(csp, Conv(hidden, hidden, 3))
        self.cv1 = Conv(inputs, 2 * hidden)
        self.cv2 = branch(hidden)
        self.cv3 = branch(hidden)
        self.cv4 = Conv(4 * hidden, outputs)

    def forward(self, x):
        parts = list(self.cv1(x).chunk(2, 1))
        for branch in (self.cv2, self.cv3):
            parts.append(branch(parts[-1]))
        return self.cv4(torch.cat(parts, 1))


class SCDown(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, outputs)
        self.cv2 = Conv(outputs, outputs, 3, 2, g=outputs, act=False)

    def forward(self, x):
        return self.cv2(self.cv1(x))


class RepVGGDW(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = Conv(channels, channels, 7, g=channels, act=False)
        self.conv1 = Conv(channels, channels, 3, g=channels, act=False)
        self.act = nn.SiLU()

    def forward(self, x):
        return self.act(self.conv(x) + self.conv1(x))


class CIB(nn.Module):
    def __init__(self, channels):
        super().__init__()
        wide = 2 * channels
        self.cv1 = nn.Sequential(Conv(channels, channels, 3, g=channels), Conv(channels, wide), RepVGGDW(wide),
                                 Conv(wide, channels), Conv(channels, channels, 3, g=channels))
        self.add = True

    def forward(self, x):
        return x + self.cv1(x)


class Attention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.num_heads = heads
        self.head_dim = channels // heads
        self.key_dim = self.head_dim // 2
        self.scale = self.key_dim**-0.5
        self.qkv = Conv(channels, channels + 2 * heads * self.key_dim, act=False)
        self.proj = Conv(channels, channels, act=False)
        self.pe = Conv(channels, channels, 3, g=channels, act=False)

    def forward(self, x):
        b, c, h, w = x.shape
        split = self.qkv(x).view(b, self.num_heads, 2 * self.key_dim + self.head_dim, h * w)
        q, k, v = split.split([self.key_dim, self.key_dim, self.head_dim], 2)
        weights = (q.transpose(-2, -1) @ k * self.scale).softmax(-1)
        mixed = (v @ weights.transpose(-2, -1)).view(b, c, h, w)
        return self.proj(mixed + self.pe(v.reshape(b, c, h, w)))


class PSABlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.attn = Attention(channels, 2)
        self.ffn = nn.Sequential(Conv(channels, 2 * channels), Conv(2 * channels, channels, act=False))
        self.add = True

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.ffn(x)


class PSA(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = self.c = channels // 2
        self.cv1 = Conv(channels, channels)
        self.cv2 = Conv(channels, channels)
        self.attn = Attention(half, 2)
        self.ffn = nn.Sequential(Conv(half, channels), Conv(channels, half, act=False))

    def forward(self, x):
        a, b = self.cv1(x).chunk(2, 1)
        b = b + self.attn(b)
        return self.cv2(torch.cat((a, b + self.ffn(b)), 1))


class C2PSA(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = self.c = channels // 2
        self.cv1 = Conv(channels, channels)
        self.cv2 = Conv(channels, channels)
        self.m = nn.Sequential(PSABlock(half))

    def forward(self, x):
        a, b = self.cv1(x).chunk(2, 1)
        return self.cv2(torch.cat((a, self.m(b)), 1))


# ---------------------------------------------------------------- heads


def cell_centers(maps, strides, offset):
    grids, sizes = [], []
    for m, stride in zip(maps, strides):
        height, width = int(m.shape[2]), int(m.shape[3])
        y, x = torch.meshgrid(torch.arange(height) + offset, torch.arange(width) + offset, indexing="ij")
        grids.append(torch.stack((x, y)).flatten(1))
        sizes.append(torch.full((1, height * width), float(stride)))
    return torch.cat(grids, 1), torch.cat(sizes, 1)


class DFL(nn.Module):
    def __init__(self, bins):
        super().__init__()
        self.conv = nn.Conv2d(bins, 1, 1, bias=False).requires_grad_(False)
        self.conv.weight.data[:] = torch.arange(bins).float().view(1, bins, 1, 1)
        self.c1 = bins

    def forward(self, x):
        b, _, n = x.shape
        return self.conv(x.view(b, 4, self.c1, n).transpose(2, 1).softmax(1)).view(b, 4, n)


class DetectDfl(nn.Module):
    """v8: distances to the four sides as distributions over bins."""

    def __init__(self, classes, channels, reg_max=16):
        super().__init__()
        self.nc, self.nl, self.reg_max, self.no = classes, len(channels), reg_max, classes + 4 * reg_max
        self.cv2 = nn.ModuleList(nn.Sequential(Conv(c, 16, 3), nn.Conv2d(16, 4 * reg_max, 1)) for c in channels)
        self.cv3 = nn.ModuleList(nn.Sequential(Conv(c, 8, 3), nn.Conv2d(8, classes, 1)) for c in channels)
        self.dfl = DFL(reg_max)
        self.shape, self.anchors, self.strides = None, torch.zeros(0), torch.zeros(0)

    def raw(self, xs):
        return [m for x, box, cls in zip(xs, self.cv2, self.cv3) for m in (box(x), cls(x))]

    def forward(self, xs):
        maps = [torch.cat((box(x), cls(x)), 1) for x, box, cls in zip(xs, self.cv2, self.cv3)]
        if self.shape != tuple(xs[0].shape):  # kept between calls, so that a trace holds it as a constant
            self.shape = tuple(int(n) for n in xs[0].shape)
            self.anchors, self.strides = cell_centers(maps, self.stride, 0.5)
        flat = torch.cat([m.view(m.shape[0], self.no, -1) for m in maps], 2)
        box, cls = flat.split((4 * self.reg_max, self.nc), 1)
        near, far = self.dfl(box).chunk(2, 1)
        near, far = self.anchors[None] - near, self.anchors[None] + far
        y = torch.cat(((near + far) / 2 * self.strides, (far - near) * self.strides, cls.sigmoid()), 1)
        return y, maps


class DetectAnchors(nn.Module):
    """v5: per anchor centre, size, objectness and class scores."""

    def __init__(self, classes, anchors, channels):
        super().__init__()
        self.nc, self.no, self.nl, self.na = classes, classes + 5, len(anchors), len(anchors[0])
        self.register_buffer("anchors", torch.tensor(anchors))  # in pixels here, in cells once strides are known
        self.m = nn.ModuleList(nn.Conv2d(c, self.no * self.na, 1) for c in channels)
        self.inplace = True

    def raw(self, xs):
        return [m(x) for x, m in zip(xs, self.m)]

    def forward(self, xs):
        outputs, maps = [], []
        for i, raw in enumerate(self.raw(xs)):
            b, _, height, width = (int(n) for n in raw.shape)
            raw = raw.view(b, self.na, self.no, height, width).permute(0, 1, 3, 4, 2).contiguous()
            maps.append(raw)
            y, x = torch.meshgrid(torch.arange(height) - 0.5, torch.arange(width) - 0.5, indexing="ij")
            grid = torch.stack((x, y), 2)
            scaled = raw.sigmoid()
            center = (scaled[..., 0:2] * 2 + grid) * self.stride[i]
            size = (scaled[..., 2:4] * 2) ** 2 * (self.anchors[i] * self.stride[i]).view(1, self.na, 1, 1, 2)
            outputs.append(torch.cat((center, size, scaled[..., 4:]), 4).view(b, -1, self.no))
        return torch.cat(outputs, 1), maps


class Implicit(nn.Module):
    def __init__(self, channels, mean):
        super().__init__()
        self.implicit = nn.Parameter(torch.randn(1, channels, 1, 1) * 0.1 + mean)


class IDetect(DetectAnchors):
    """v7: v5's head with a learnt constant before and a learnt factor after its convolutions."""

    def __init__(self, classes, anchors, channels):
        super().__init__(classes, anchors, channels)
        self.ia = nn.ModuleList(Implicit(c, 0) for c in channels)
        self.im = nn.ModuleList(Implicit(self.no * self.na, 1) for _ in channels)

    def raw(self, xs):
        return [im.implicit * m(x + ia.implicit) for x, m, ia, im in zip(xs, self.m, self.ia, self.im)]


# ---------------------------------------------------------------- networks


class Model(nn.Module):
    """A chain of layers; a layer reads those its attribute `f` names, -1 being the one before."""

    def __init__(self, chain, names, image_size):
        super().__init__()
        for index, (sources, layer) in enumerate(chain):
            layer.i, layer.f, layer.type = index, sources, "layer"
        self.model = nn.Sequential(*(layer for _, layer in chain))
        self.names = names
        self.args = {"task": "detect", "imgsz": image_size}

    def outputs(self, x):
        """Outputs of all layers before the head, and the head's inputs."""
        results = []
        for layer in self.model:
            read = [x if not results and s == -1 else results[s] for s in ([layer.f] if type(layer.f) is int else layer.f)]
            if layer is self.model[-1]:
                return results, read
            results.append(layer(read if isinstance(layer, Concat) else read[0]))

    def forward(self, x):
        return self.model[-1](self.outputs(x)[1])

    def set_strides(self, side=128):
        head = self.model[-1]
        with torch.no_grad():
            inputs = self.eval().outputs(torch.zeros(1, 3, side, side))[1]
        head.stride = torch.tensor([float(side // x.shape[2]) for x in inputs])
        self.stride = head.stride
        if isinstance(head, DetectAnchors):
            head.anchors /= head.stride.view(-1, 1, 1)


def tiny_v8():
    up = lambda: nn.Upsample(None, 2.0, "nearest")
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C2f(8, 8, 1, True)), (-1, Conv(8, 8, 3, 2)),
        (-1, C2f(8, 8, 2, True)), (-1, Conv(8, 16, 3, 2)), (-1, SPPF(16, 16)), (-1, up()), ([-1, 4], Concat()),
        (-1, C2f(24, 8)), (-1, Conv(8, 8, 3, 2)), ([-1, 6], Concat()), (-1, C2f(24, 16)),
        ([9, 12], DetectDfl(3, (8, 16))),
    ], {0: "circle", 1: "square", 2: "star"}, 64)


def tiny_v5():
    anchors = [[[10.0, 13.0], [16.0, 30.0], [33.0, 23.0]], [[30.0, 61.0], [62.0, 45.0], [59.0, 119.0]]]
    up = lambda: nn.Upsample(None, 2.0, "nearest")
    return Model([
        (-1, Conv(3, 4, 6, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C3(8, 8)), (-1, Conv(8, 8, 3, 2)), (-1, C3(8, 8, 2)),
        (-1, Conv(8, 16, 3, 2)), (-1, SPPF(16, 16)), (-1, Conv(16, 8)), (-1, up()), ([-1, 4], Concat()),
        (-1, C3(16, 8, 1, False)), (-1, Conv(8, 8, 3, 2)), ([-1, 7], Concat()), (-1, C3(16, 16, 1, False)),
        ([10, 13], DetectAnchors(2, anchors, (8, 16))),
    ], ["cat", "dog"], 64)


def tiny_blocks():
    """One of every block that the two networks above lack, from v5's early releases to 11, all reading layer 1."""
    anchors = [[[10.0, 13.0], [16.0, 30.0]], [[30.0, 61.0], [62.0, 45.0]]]
    blocks = [
        BottleneckCSP(8, 8), SPP(8, 8), RepNCSPELAN4(8, 8, 4), SPPELAN(8, 8, 4), RepConv(8, True), PSA(8), C2PSA(8),
        C2fCIB(8, 8, part=lambda: CIB(4)), C3k2(8, 8, part=lambda: C3k(4, 4)), RepConvBranches(8, 8),
        RepConvBranches(8, 6), SPPCSPC(8, 6), SP(3, 1), MP(), SCDown(8, 8), ADown(8, 8),
    ]
    return Model([(-1, Focus(3, 4, 3)), (-1, AConv(4, 8))] + [(1, block) for block in blocks] +
                 [([-1, -2, -3], Concat()), ([2, 18], IDetect(2, anchors, (8, 24)))], ["cat", "dog"], 64)


def randomise(model, seed):
    """Random weights, and statistics gathered in one pass, so that maps neither die out nor explode."""
    torch.manual_seed(seed)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.3, 0.6)
        nn.init.uniform_(norm.bias, -0.3, 0.3)
        norm.momentum = 1.0
    with torch.no_grad():
        model.train().outputs(pattern(128, 96))
        model.model[-1].raw(model.outputs(pattern(128, 96))[1])
    for norm in norms:
        norm.momentum = 0.03


# ---------------------------------------------------------------- files

ULTRALYTICS = {
    "ultralytics.nn.modules.conv": (Conv, Concat),
    "ultralytics.nn.modules.block": (Bottleneck, C2f, SPPF, DFL),
    "ultralytics.nn.modules.head": ((DetectDfl, "Detect"),),
    "ultralytics.nn.tasks": ((Model, "DetectionModel"),),
}
ORIGINAL_V5 = {
    "models.common": (Conv, Concat, Bottleneck, C3, SPPF),
    "models.yolo": ((DetectAnchors, "Detect"), Model),
}
ALL_BLOCKS = {
    "models.common": (Conv, Concat, Bottleneck, C3, Focus, BottleneckCSP, SPP, SP, MP, SPPCSPC, Implicit,
                      (RepConvBranches, "RepConv")),
    "ultralytics.nn.modules.conv": (RepConv,),
    "ultralytics.nn.modules.block": (C2f, C3k2, C2fCIB, C3k, SPPELAN, AConv, ADown, RepBottleneck, RepCSP, CIB,
                                     RepNCSPELAN4, SCDown, RepVGGDW, Attention, PSABlock, PSA, C2PSA),
    "models.yolo": (IDetect, Model),
}


@contextlib.contextmanager
def stock_names(places):
    """Lets the classes answer to the names stock files record, while files are written."""
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


def write_golden(path, tensors):
    tensors = [(name, t.detach().float().contiguous()) for name, t in tensors]
    with open(path, "wb") as file:
        file.write(json.dumps([{"name": n, "shape": list(t.shape)} for n, t in tensors]).encode() + b"\n")
        for _, tensor in tensors:
            file.write(tensor.numpy().astype("<f4").tobytes())


def golden(model, image, taps):
    """Computed in double, so that only the rounding of the code under test shows."""
    model, image = model.double(), image.double()
    with torch.no_grad():
        layers, inputs = model.outputs(image)
        raw = model.model[-1].raw(inputs)
        decoded = model(image)[0]
    named = [(f"layer {i}", layers[i]) for i in taps] + [(f"head {i}", t) for i, t in enumerate(raw)]
    return named + [("decoded", decoded)]


def write(folder, name, build, places, taps, config=None):
    model = build()
    randomise(model, seed=len(name))
    model.set_strides()
    model.half().float().eval().requires_grad_(False)
    write_golden(folder / f"{name}.golden", golden(model, pattern(64, 96), taps))
    model.float()
    with stock_names(places):
        if config:
            model(torch.zeros(1, 3, 64, 64))
            trace = torch.jit.trace(model, torch.zeros(1, 3, 64, 64), strict=False)
            trace.save(str(folder / f"{name}.torchscript"), _extra_files={"config.txt": json.dumps(config)})
        extra = {"train_args": {"task": "detect", "imgsz": 64}} if places is ULTRALYTICS else {}
        torch.save({"epoch": -1, "model": model.half(), "ema": None, **extra}, folder / f"{name}.pt")


def run_real(path, height, width, out):
    """What the modules above compute from a real checkpoint: all layers that the head reads, raw maps, decoded."""
    early_v8 = {"ultralytics.nn.modules": (Conv, Concat, Bottleneck, C2f, SPPF, DFL, (DetectDfl, "Detect")),
                "ultralytics.nn.tasks": ((Model, "DetectionModel"),)}
    for places in (early_v8, ULTRALYTICS, ORIGINAL_V5):
        with contextlib.suppress(AttributeError, ModuleNotFoundError), stock_names(places):
            model = torch.load(path, map_location="cpu")["model"].float().eval()
            break
    for module in model.modules():
        if isinstance(module, nn.Upsample):
            module.recompute_scale_factor = None  # absent from files of older releases
    head = model.model[-1]
    head.shape = None
    tensors = golden(model, pattern(height, width), head.f)
    write_golden(out, tensors)
    for name, tensor in tensors:
        print(f"{name}: {list(tensor.shape)} mean {tensor.mean():.6f} deviation {tensor.std():.6f}")


def main():
    if sys.argv[1:2] == ["--run"]:
        return run_real(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "tests/data"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    write(folder, "tiny_v8", tiny_v8, ULTRALYTICS, (0, 2, 4, 8, 9, 12),
          {"stride": 16, "task": "detect", "imgsz": [64, 64], "names": {0: "circle", 1: "square", 2: "star"}})
    write(folder, "tiny_v5", tiny_v5, ORIGINAL_V5, (0, 2, 4, 10, 13),
          {"shape": [1, 3, 64, 64], "stride": 16, "names": ["cat", "dog"]})
    write(folder, "tiny_blocks", tiny_blocks, ALL_BLOCKS, range(1, 19))


if __name__ == "__main__":
    main()
