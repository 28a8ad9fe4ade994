"""Minimal reimplementations of the modules in stock YOLO networks, from their published structure."""
import torch
from torch import nn

STRIDE_PAD = {1: 0, 3: 1, 5: 2, 6: 2, 7: 3}

class Conv(nn.Module):
    def __init__(self, inputs, outputs, k=1, s=1, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, k, s, STRIDE_PAD[k], groups=g, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3)
        self.act = nn.SiLU(inplace=True) if act is True else act or nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))

    def forward_fuse(self, x):
        return self.act(self.conv(x))

    def fuse(self):
        """Folds the normalization into the convolution, as frameworks do before inference."""
        self.conv = nn.utils.fuse_conv_bn_eval(self.conv, self.bn)
        del self.bn
        self.forward = self.forward_fuse


class Focus(nn.Module):
    def __init__(self, inputs, outputs, k):
        super().__init__()
        self.conv = Conv(4 * inputs, outputs, k)

    def forward(self, x):
        corners = [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]]
        return self.conv(torch.cat(corners, 1))


class ReOrg(nn.Module):
    """v7: the space-to-depth of Focus as a layer of its own."""

    def forward(self, x):
        return torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1)


class Shortcut(nn.Module):
    """v7: adds two layers."""

    def forward(self, xs):
        return xs[0] + xs[1]


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


class C3Ghost(C3):
    pass


class C2(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        hidden = self.c = outputs // 2
        self.cv1 = Conv(inputs, 2 * hidden)
        self.cv2 = Conv(2 * hidden, outputs)
        self.m = nn.Sequential(Bottleneck(hidden, hidden, (3, 3), False))

    def forward(self, x):
        a, b = self.cv1(x).chunk(2, 1)
        return self.cv2(torch.cat((self.m(a), b), 1))


class GhostConv(nn.Module):
    def __init__(self, inputs, outputs, act=True):
        super().__init__()
        self.cv1 = Conv(inputs, outputs // 2, act=act)
        self.cv2 = Conv(outputs // 2, outputs // 2, 5, g=outputs // 2, act=act)

    def forward(self, x):
        y = self.cv1(x)
        return torch.cat((y, self.cv2(y)), 1)


class GhostBottleneck(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Sequential(GhostConv(channels, channels // 2), nn.Identity(),
                                  GhostConv(channels // 2, channels, act=False))
        self.shortcut = nn.Identity()

    def forward(self, x):
        return self.conv(x) + self.shortcut(x)


class SPPF(nn.Module):
    """The version of 26 stores the number of poolings and adds the input."""

    def __init__(self, inputs, outputs, shortcut=False):
        super().__init__()
        self.cv1 = Conv(inputs, inputs // 2, act=not shortcut)
        self.cv2 = Conv(2 * inputs, outputs)
        self.m = nn.MaxPool2d(5, 1, 2)
        if shortcut:
            self.n, self.add = 3, True

    def forward(self, x):
        parts = [self.cv1(x)]
        for _ in range(getattr(self, "n", 3)):
            parts.append(self.m(parts[-1]))
        y = self.cv2(torch.cat(parts, 1))
        return x + y if getattr(self, "add", False) else y


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


class DownC(nn.Module):
    """v7: halves the sides by a convolution in one branch, by a pooling in the other."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.cv1 = Conv(inputs, inputs)
        self.cv2 = Conv(inputs, outputs // 2, 3, 2)
        self.cv3 = Conv(inputs, outputs // 2)
        self.mp = nn.MaxPool2d(2, 2)

    def forward(self, x):
        return torch.cat((self.cv2(self.cv1(x)), self.cv3(self.mp(x))), 1)


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
    """As in v9: two convolutions and an optional batch-normalized identity."""

    def __init__(self, channels, identity=False):
        super().__init__()
        self.conv1 = Conv(channels, channels, 3, act=False)
        self.conv2 = Conv(channels, channels, 1, act=False)
        self.bn = nn.BatchNorm2d(channels) if identity else None
        self.act = nn.SiLU(inplace=True)

    def forward(self, x):
        return self.act(self.conv1(x) + self.conv2(x) + (0 if self.bn is None else self.bn(x)))


class RepConvBranches(nn.Module):
    """As in v7; saved under the class name RepConv."""

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


class AAttn(nn.Module):
    """v12: area attention; the cells, in row-major order, are split into `area` runs with attention within each."""

    def __init__(self, channels, heads, area):
        super().__init__()
        self.area, self.num_heads, self.head_dim = area, heads, channels // heads
        self.qkv = Conv(channels, 3 * channels, act=False)
        self.proj = Conv(channels, channels, act=False)
        self.pe = Conv(channels, channels, 7, g=channels, act=False)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(x).view(b, self.num_heads, 3 * self.head_dim, h * w).split(self.head_dim, 2)
        runs = []
        for q_run, k_run, v_run in zip(*(t.chunk(self.area, 3) for t in (q, k, v))):
            weights = (q_run.transpose(-2, -1) @ k_run * self.head_dim**-0.5).softmax(-1)
            runs.append(v_run @ weights.transpose(-2, -1))
        mixed = torch.cat(runs, 3).view(b, c, h, w)
        return self.proj(mixed + self.pe(v.reshape(b, c, h, w)))


class ABlock(nn.Module):
    def __init__(self, channels, heads, area):
        super().__init__()
        self.attn = AAttn(channels, heads, area)
        self.mlp = nn.Sequential(Conv(channels, 2 * channels), Conv(2 * channels, channels, act=False))

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)


class A2C2f(nn.Module):
    """v12: with `scaled`, a residual block whose branch has a learned factor per channel."""

    def __init__(self, inputs, outputs, part, scaled=False):
        super().__init__()
        hidden = outputs // 2
        self.cv1 = Conv(inputs, hidden)
        self.cv2 = Conv(2 * hidden, outputs)
        self.gamma = nn.Parameter(torch.rand(outputs) / 2 + 0.2) if scaled else None
        self.m = nn.ModuleList([part()])

    def forward(self, x):
        parts = [self.cv1(x)]
        for part in self.m:
            parts.append(part(parts[-1]))
        y = self.cv2(torch.cat(parts, 1))
        return y if self.gamma is None else x + self.gamma.view(-1, 1, 1) * y


class CBLinear(nn.Module):
    """v9-e: a convolution whose output channels are split into shares."""

    def __init__(self, inputs, shares):
        super().__init__()
        self.c2s = list(shares)
        self.conv = nn.Conv2d(inputs, sum(shares), 1)

    def forward(self, x):
        return self.conv(x)  # not split here: CBFuse selects its share


class CBFuse(nn.Module):
    """v9-e: adds shares of other maps, resized to the last map, to the last map."""

    def __init__(self, idx, shares):
        super().__init__()
        self.idx, self.shares = idx, shares

    def forward(self, xs):
        total = xs[-1]
        for x, index, shares in zip(xs, self.idx, self.shares):
            part = x.split(shares, 1)[index]
            total = total + nn.functional.interpolate(part, size=total.shape[2:], mode="nearest")
        return total
