"""Minimal reimplementations of the detection heads in stock YOLO networks, from their published structure."""
import copy

import torch
from torch import nn

from stock_blocks import Conv

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
    """v8: predicts the distances to the four box sides as distributions over bins."""

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
        if self.shape != tuple(xs[0].shape):  # cached between calls, so that a trace stores it as a constant
            self.shape = tuple(int(n) for n in xs[0].shape)
            self.anchors, self.strides = cell_centers(maps, self.stride, 0.5)
        flat = torch.cat([m.view(m.shape[0], self.no, -1) for m in maps], 2)
        box, cls = flat.split((4 * self.reg_max, self.nc), 1)
        near, far = self.dfl(box).chunk(2, 1)
        near, far = self.anchors[None] - near, self.anchors[None] + far
        y = torch.cat(((near + far) / 2 * self.strides, (far - near) * self.strides, cls.sigmoid()), 1)
        return y, maps


class DetectOneToOne(DetectDfl):
    """v10 and 26: two parallel heads; the one-to-one head needs no NMS."""

    def __init__(self, classes, channels, reg_max=16):
        super().__init__(classes, channels, reg_max)
        self.one2one_cv2, self.one2one_cv3 = copy.deepcopy(self.cv2), copy.deepcopy(self.cv3)
        if reg_max == 1:
            self.dfl = nn.Identity()

    def raw(self, xs):
        super().raw(xs)  # runs both heads, so that both update their batch statistics in training mode
        return [m for x, box, cls in zip(xs, self.one2one_cv2, self.one2one_cv3) for m in (box(x), cls(x))]


def per_level(channels, hidden, out):
    return nn.ModuleList(nn.Sequential(Conv(c, hidden, 3), nn.Conv2d(hidden, out, 1)) for c in channels)


def with_extra(maps, xs, *chains):
    """Inserts one more map per level, computed by these modules one after the other."""
    result = []
    for level, x in enumerate(xs):
        for chain in chains:
            x = chain[level](x)
        result += [*maps[2 * level:2 * level + 2], x]
    return result


class Proto(nn.Module):
    """The prototypes of masks, at twice the resolution of the finest level."""

    def __init__(self, c, hidden, out):
        super().__init__()
        self.cv1, self.upsample = Conv(c, hidden, 3), nn.ConvTranspose2d(hidden, hidden, 2, 2, 0, bias=True)
        self.cv2, self.cv3 = Conv(hidden, hidden, 3), Conv(hidden, out)

    def forward(self, x):
        return self.cv3(self.cv2(self.upsample(self.cv1(x))))


class Proto26(Proto):
    """26: the finest level, to which the coarser ones are added."""

    def __init__(self, channels, hidden, out):
        super().__init__(channels[0], hidden, out)
        self.feat_refine = nn.ModuleList(Conv(c, channels[0]) for c in channels[1:])
        self.feat_fuse = Conv(channels[0], channels[0], 3)

    def forward(self, xs):
        x = xs[0]
        for other, refine in zip(xs[1:], self.feat_refine):
            x = x + nn.functional.interpolate(refine(other), size=x.shape[2:], mode="nearest")
        return super().forward(self.feat_fuse(x))


class Segment(DetectDfl):
    """v8 with masks."""

    def __init__(self, classes, channels):
        super().__init__(classes, channels)
        self.nm = 4
        self.cv4 = per_level(channels, 4, self.nm)
        self.proto = Proto(channels[0], 6, self.nm)

    def raw(self, xs):
        return with_extra(super().raw(xs), xs, self.cv4) + [self.proto(xs[0])]


class Segment26(DetectOneToOne):
    """26 with masks."""

    def __init__(self, classes, channels):
        super().__init__(classes, channels, 1)
        self.nm = 4
        self.cv4 = per_level(channels, 4, self.nm)
        self.one2one_cv4 = copy.deepcopy(self.cv4)
        self.proto = Proto26(channels, 6, self.nm)

    def raw(self, xs):
        maps = super().raw(xs)
        with_extra(maps, xs, self.cv4)  # updates the batch statistics of the other head, too
        return with_extra(maps, xs, self.one2one_cv4) + [self.proto(xs)]


class Pose(DetectDfl):
    """v8 with keypoints."""

    def __init__(self, classes, channels):
        super().__init__(classes, channels)
        self.kpt_shape, self.nk = [2, 3], 6
        self.cv4 = per_level(channels, 4, self.nk)

    def raw(self, xs):
        return with_extra(super().raw(xs), xs, self.cv4)


class Pose26(DetectOneToOne):
    """26 with keypoints, computed in two parts."""

    def __init__(self, classes, channels):
        super().__init__(classes, channels, 1)
        self.kpt_shape, self.nk = [2, 3], 6
        self.cv4 = nn.ModuleList(nn.Sequential(Conv(c, 4, 3)) for c in channels)
        self.cv4_kpts = nn.ModuleList(nn.Conv2d(4, self.nk, 1) for _ in channels)
        self.one2one_cv4, self.one2one_cv4_kpts = copy.deepcopy(self.cv4), copy.deepcopy(self.cv4_kpts)

    def raw(self, xs):
        maps = super().raw(xs)
        with_extra(maps, xs, self.cv4, self.cv4_kpts)
        return with_extra(maps, xs, self.one2one_cv4, self.one2one_cv4_kpts)


class Oriented(DetectDfl):
    """OBB: additionally predicts an angle per cell."""

    def __init__(self, classes, channels):
        super().__init__(classes, channels)
        self.ne = 1
        self.cv4 = nn.ModuleList(nn.Sequential(Conv(c, 4, 3), nn.Conv2d(4, 1, 1)) for c in channels)

    def raw(self, xs):
        maps = super().raw(xs)
        return [m for level, x in enumerate(xs) for m in (*maps[2 * level:2 * level + 2], self.cv4[level](x))]


class DetectAnchors(nn.Module):
    """v5: per anchor, predicts center, size, objectness and class scores."""

    def __init__(self, classes, anchors, channels):
        super().__init__()
        self.nc, self.no, self.nl, self.na = classes, classes + 5, len(anchors), len(anchors[0])
        self.register_buffer("anchors", torch.tensor(anchors))  # in pixels; Model.set_strides converts them to cells
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
    """v7: the v5 head with a learned offset before and a learned factor after each convolution."""

    def __init__(self, classes, anchors, channels):
        super().__init__(classes, anchors, channels)
        self.ia = nn.ModuleList(Implicit(c, 0) for c in channels)
        self.im = nn.ModuleList(Implicit(self.no * self.na, 1) for _ in channels)

    def raw(self, xs):
        return [im.implicit * m(x + ia.implicit) for x, m, ia, im in zip(xs, self.m, self.ia, self.im)]

    def fuseforward(self, xs):
        raise NotImplementedError("only for files")

    def fuse(self):
        """Folds the offsets and factors into the convolutions. They remain in the file, but no longer have a meaning."""
        for m, ia, im in zip(self.m, self.ia, self.im):
            m.bias.data = (m.bias + m.weight.flatten(1) @ ia.implicit.flatten()) * im.implicit.flatten()
            m.weight.data = m.weight * im.implicit.view(-1, 1, 1, 1)
        self.forward = self.fuseforward


class IAuxDetect(IDetect):
    """v7: the second half of the inputs is for auxiliary outputs, which only training uses."""

    def __init__(self, classes, anchors, channels, auxiliary_channels):
        super().__init__(classes, anchors, channels)
        self.m2 = nn.ModuleList(nn.Conv2d(c, self.no * self.na, 1) for c in auxiliary_channels)

    def forward(self, xs):
        y, maps = super().forward(xs)
        return y, maps + [m(x) for x, m in zip(xs[self.nl:], self.m2)]
