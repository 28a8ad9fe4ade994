#!/usr/bin/env python3
"""Writes tests/data/tiny_*: small networks with random weights in the layout of stock files, and their outputs.

    python3 tools/models/make_test_models.py [FOLDER]
        Needs torch; the default folder is tests/data.
    python3 tools/models/make_test_models.py --run MODEL.pt HEIGHT WIDTH OUT.golden
        For a real v5 or v8 checkpoint. Loading executes code in it: use only files from a trusted source.

The networks consist of minimal modules of our own (stock_blocks.py, stock_heads.py), saved under the class names that
stock files record, so that the files look like stock files. A golden file is one line of JSON (a list of names and
shapes) followed by the float32 values of the tensors. The input is not stored: see `pattern`.
"""
import contextlib
import json
import pathlib
import sys
import unittest.mock

import torch
from torch import nn

from stock_blocks import (
    A2C2f, AAttn, ABlock, AConv, ADown, Attention, Bottleneck, BottleneckCSP, C2, C2PSA, C2f, C2fCIB, C3, C3Ghost, C3k, C3k2,
    CBFuse, CBLinear, CIB, Concat, Conv, DownC, Focus, GhostBottleneck, GhostConv, MP, PSA, PSABlock, ReOrg,
    RepBottleneck, RepCSP, RepConv, RepConvBranches, RepNCSPELAN4, RepVGGDW, SCDown, SP, SPP, SPPCSPC, SPPELAN, SPPF,
    Shortcut,
)
from stock_heads import (
    DFL, DetectAnchors, DetectDfl, DetectOneToOne, IAuxDetect, IDetect, Implicit, Oriented, Pose, Pose26, Segment, Segment26,
)
from stock_model import ULTRALYTICS, Model, SuppressedModel, stock_names


def pattern(height, width):
    """The test image: a fixed texture in [0, 1], computed identically in C++ (tests/support/golden.hpp)."""
    c, y, x = torch.meshgrid(torch.arange(3), torch.arange(height), torch.arange(width), indexing="ij")
    return (((x * 37 + y * 101 + c * 53 + x * y * 7) % 256).float() / 255)[None]


def tiny_v8():
    up = lambda: nn.Upsample(None, 2.0, "nearest")
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C2f(8, 8, 1, True)), (-1, Conv(8, 8, 3, 2)),
        (-1, C2f(8, 8, 2, True)), (-1, Conv(8, 16, 3, 2)), (-1, SPPF(16, 16)), (-1, up()), ([-1, 4], Concat()),
        (-1, C2f(24, 8)), (-1, Conv(8, 8, 3, 2)), ([-1, 6], Concat()), (-1, C2f(24, 16)),
        ([9, 12], DetectDfl(3, (8, 16))),
    ], {0: "circle", 1: "square", 2: "star"}, 64)


def tiny_deployed():
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, Conv(8, 8, 3, 2)), ([2], DetectDfl(3, (8,))),
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


def tiny_v7():
    """The parts of v7-e6e, up to its auxiliary outputs."""
    anchors = [[[19.0, 27.0], [44.0, 40.0], [38.0, 94.0]], [[96.0, 68.0], [86.0, 152.0], [180.0, 137.0]]]
    up = lambda: nn.Upsample(None, 2.0, "nearest")
    return Model([
        (-1, ReOrg()), (-1, Conv(12, 4, 3)), (-1, DownC(4, 8)), (-1, Conv(8, 6)), (2, Conv(8, 6)),
        (-1, Conv(6, 6, 3)), ([-1, -3], Concat()), (-1, Conv(12, 8)), ([-1, 2], Shortcut()), (-1, DownC(8, 12)),
        (-1, DownC(12, 16)), (-1, SPPCSPC(16, 8)), (-1, up()), ([-1, 9], Concat()), (-1, RepConvBranches(20, 8)),
        (11, RepConvBranches(8, 8)), (13, Conv(20, 6, 3)), (11, Conv(8, 6, 3)),
        ([14, 15, 16, 17], IAuxDetect(2, anchors, (8, 8), (6, 6))),
    ], ["cat", "dog"], 64)


def tiny_v9e():
    """The reversible branch of v9-e: channels of every level are added in the backbone that reads the image again."""
    shares = ([4], [4, 6], [4, 6, 8])
    return Model([
        (-1, nn.Identity()), (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, ADown(8, 8)),
        (1, CBLinear(4, shares[0])), (2, CBLinear(8, shares[1])), (3, CBLinear(8, shares[2])),
        (0, Conv(3, 4, 3, 2)), ([4, 5, 6, -1], CBFuse([0, 0, 0], shares)), (-1, Conv(4, 6, 3, 2)),
        ([5, 6, -1], CBFuse([1, 1], shares[1:])), (-1, ADown(6, 8)), ([6, -1], CBFuse([2], shares[2:])),
        (-1, RepNCSPELAN4(8, 8, 4)), ([10, 13], DetectDfl(2, (6, 8))),
    ], ["cat", "dog"], 64)


def tiny_v10():
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C2f(8, 8, 1, True)), (-1, SCDown(8, 8)),
        (-1, C2fCIB(8, 8, part=lambda: CIB(4))), (-1, SCDown(8, 16)), (-1, PSA(16)),
        ([4, 6], DetectOneToOne(3, (8, 16))),
    ], {0: "circle", 1: "square", 2: "star"}, 64)


def tiny_12_obb():
    areas = lambda: nn.Sequential(ABlock(8, 2, 4), ABlock(8, 2, 1))
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C3k2(8, 8)), (-1, Conv(8, 16, 3, 2)),
        (-1, A2C2f(16, 16, areas, scaled=True)), (-1, Conv(16, 16, 3, 2)),
        (-1, A2C2f(16, 8, lambda: C3k(4, 4))), ([4, 6], Oriented(2, (16, 8))),
    ], ["ship", "plane"], 64)


def tiny_26_seg():
    attended = lambda: nn.Sequential(Bottleneck(8, 4, (3, 3)), PSABlock(8))
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C3k2(8, 8)), (-1, Conv(8, 8, 3, 2)),
        (-1, Conv(8, 16, 3, 2)), (-1, SPPF(16, 16, shortcut=True)), (-1, C3k2(16, 16, part=attended)),
        ([3, 6], Segment26(3, (8, 16))),
    ], {0: "circle", 1: "square", 2: "star"}, 64)


def tiny_with(head):
    """A small chain with a head of its own; returns a function that builds it."""
    return lambda: Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C2f(8, 8, 1, True)), (-1, Conv(8, 8, 3, 2)),
        (-1, Conv(8, 16, 3, 2)), ([3, 4], head(3, (8, 16))),
    ], {0: "circle", 1: "square", 2: "star"}, 64)


def tiny_blocks():
    """One of every block that the other networks lack, from early v5 releases to 11, all reading layer 1."""
    anchors = [[[10.0, 13.0], [16.0, 30.0]], [[30.0, 61.0], [62.0, 45.0]]]
    blocks = [
        BottleneckCSP(8, 8), SPP(8, 8), RepNCSPELAN4(8, 8, 4), SPPELAN(8, 8, 4), RepConv(8, True), PSA(8), C2PSA(8),
        C2fCIB(8, 8, part=lambda: CIB(4)), C3k2(8, 8, part=lambda: C3k(4, 4)), RepConvBranches(8, 8),
        RepConvBranches(8, 6), SPPCSPC(8, 6), SP(3, 1), MP(), SCDown(8, 8), ADown(8, 8), C2(8, 8),
        C3Ghost(8, 8, part=lambda: GhostBottleneck(4)), GhostConv(8, 6), nn.ZeroPad2d((0, 1, 0, 1)),
    ]
    return Model([(-1, Focus(3, 4, 3)), (-1, AConv(4, 8))] + [(1, block) for block in blocks] +
                 [([17, 16, 15], Concat()), ([2, 22], IDetect(2, anchors, (8, 24)))], ["cat", "dog"], 64)


def randomize(model, seed):
    """Sets random weights and the batch statistics of one pass, so that maps neither vanish nor explode."""
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

ORIGINAL_V5 = {
    "models.common": (Conv, Concat, Bottleneck, C3, SPPF),
    "models.yolo": ((DetectAnchors, "Detect"), Model),
}
ORIGINAL_V7 = {
    "models.common": (Conv, Concat, DownC, ReOrg, SPPCSPC, Shortcut, Implicit, (RepConvBranches, "RepConv")),
    "models.yolo": (IAuxDetect, Model),
}
ALL_BLOCKS = {
    "models.common": (Conv, Concat, Bottleneck, C3, Focus, BottleneckCSP, SPP, SP, MP, SPPCSPC, Implicit,
                      (RepConvBranches, "RepConv")),
    "ultralytics.nn.modules.conv": (RepConv,),
    "ultralytics.nn.modules.block": (C2, C2f, C3k2, C2fCIB, C3k, SPPELAN, AConv, ADown, RepBottleneck, RepCSP, CIB,
                                     RepNCSPELAN4, SCDown, RepVGGDW, Attention, PSABlock, PSA, C2PSA, C3Ghost,
                                     GhostConv, GhostBottleneck),
    "models.yolo": (IDetect, Model),
}


def write_golden(path, tensors):
    tensors = [(name, t.detach().float().contiguous()) for name, t in tensors]
    with open(path, "wb") as file:
        file.write(json.dumps([{"name": n, "shape": list(t.shape)} for n, t in tensors]).encode() + b"\n")
        for _, tensor in tensors:
            file.write(tensor.numpy().astype("<f4").tobytes())


def golden(model, image, taps):
    """Named outputs, computed in double precision so that only the rounding of the tested code matters."""
    model, image = model.double(), image.double()
    with torch.no_grad():
        layers, inputs = model.outputs(image)
        raw = model.model[-1].raw(inputs)
        decodes = type(model.model[-1]) in (DetectDfl, DetectAnchors, IDetect, IAuxDetect)
        decoded = [("decoded", model(image)[0])] if decodes else []
    named = [(f"layer {i}", layers[i]) for i in taps] + [(f"head {i}", t) for i, t in enumerate(raw)]
    return named + decoded


def save_trace(trace, path, config):
    """Saves as the exporters do, without debug records: they are large and contain paths of this machine."""
    trace.save(str(path), _extra_files={"config.txt": json.dumps(config)} if config else {})
    reader = torch._C.PyTorchFileReader(str(path))
    records = {name: reader.get_record(name) for name in reader.get_all_records()}
    del reader
    writer = torch._C.PyTorchFileWriter(str(path))
    for name, content in records.items():
        if name != "version" and not name.endswith(".debug_pkl"):
            writer.write_record(name, content, len(content))
    writer.write_end_of_file()


def write(folder, name, build, places, taps, config=None):
    """Writes NAME.pt and NAME.golden, and NAME.torchscript unless `config`, the content of its config.txt, is None."""
    model = build()
    randomize(model, seed=len(name))
    model.set_strides()
    model.half().float().eval().requires_grad_(False)
    write_golden(folder / f"{name}.golden", golden(model, pattern(64, 96), taps))
    model.float()
    with stock_names(places):
        if config is not None:
            model(torch.zeros(1, 3, 64, 64))
            trace = torch.jit.trace(model, torch.zeros(1, 3, 64, 64), strict=False)
            save_trace(trace, folder / f"{name}.torchscript", config)
        extra = {"train_args": {"task": "detect", "imgsz": 64}} if places is ULTRALYTICS else {}
        content = {"epoch": -1, "model": model.half(), "ema": None, **extra}
        torch.save(content, folder / f"{name}.pt")
        if places is ORIGINAL_V7:
            fuse(model.float())
            torch.save(content, folder / f"{name}_fused.pt")
        if places is ORIGINAL_V5:  # the layout of torch before 1.6, without the source code it embeds
            with unittest.mock.patch("inspect.getsourcelines", side_effect=OSError):
                torch.save(content, folder / f"{name}_legacy.pt", _use_new_zipfile_serialization=False)


def fuse(model):
    for module in model.modules():
        if isinstance(module, (Conv, IDetect)):
            module.fuse()


def write_deployed(folder, name):
    """Writes what users deploy: NAME.pt with normalizations folded, NAME.torchscript with non-maximum suppression."""
    model = tiny_deployed()
    randomize(model, seed=len(name))
    model.set_strides()
    model.eval().requires_grad_(False)
    write_golden(folder / f"{name}.golden", golden(model, pattern(64, 96), (0, 1, 2)))
    fuse(model.float())
    library = torch.library.Library("torchvision", "DEF")  # so that torchvision itself is not needed
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", lambda boxes, scores, threshold: scores.argsort(), "CPU")
    image = torch.zeros(1, 3, 64, 64)
    with stock_names(ULTRALYTICS):
        torch.save({"epoch": -1, "model": model, "ema": None}, folder / f"{name}.pt")
        model(image)
        trace = torch.jit.trace(SuppressedModel(model), image, strict=False, check_trace=False)
        save_trace(trace, folder / f"{name}.torchscript",
                   {"stride": 8, "task": "detect", "imgsz": [64, 64], "names": model.names, "args": {"nms": True}})


def run_real(path, height, width, out):
    """Writes the outputs of our modules for a real checkpoint: all layers the head reads, raw maps, decoded boxes."""
    early_v8 = {"ultralytics.nn.modules": (Conv, Concat, Bottleneck, C2f, SPPF, DFL, (DetectDfl, "Detect")),
                "ultralytics.nn.tasks": ((Model, "DetectionModel"),)}
    for places in (early_v8, ULTRALYTICS, ORIGINAL_V5):
        with contextlib.suppress(AttributeError, ModuleNotFoundError), stock_names(places):
            model = torch.load(path, map_location="cpu")["model"].float().eval()
            break
    for module in model.modules():
        if isinstance(module, nn.Upsample):
            module.recompute_scale_factor = None  # missing in files of older releases
    head = model.model[-1]
    head.shape = None
    tensors = golden(model, pattern(height, width), head.f)
    write_golden(out, tensors)
    for name, tensor in tensors:
        print(f"{name}: {list(tensor.shape)} mean {tensor.mean():.6f} deviation {tensor.std():.6f}")


def main():
    if sys.argv[1:2] == ["--run"]:
        return run_real(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests/data"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    write(folder, "tiny_v8", tiny_v8, ULTRALYTICS, (0, 2, 4, 8, 9, 12),
          {"stride": 16, "task": "detect", "imgsz": [64, 64], "names": {0: "circle", 1: "square", 2: "star"}})
    write(folder, "tiny_v5", tiny_v5, ORIGINAL_V5, (0, 2, 4, 10, 13),
          {"shape": [1, 3, 64, 64], "stride": 16, "names": ["cat", "dog"]})
    write(folder, "tiny_v7", tiny_v7, ORIGINAL_V7, (0, 2, 8, 10, 11, 14, 17), {})  # v7's exporter stores no config.txt
    write(folder, "tiny_blocks", tiny_blocks, ALL_BLOCKS, range(1, 23))
    write_deployed(folder, "tiny_deployed")
    write(folder, "tiny_v9e", tiny_v9e, ULTRALYTICS, (0, 3, 5, 8, 10, 12, 13))
    write(folder, "tiny_v10", tiny_v10, ULTRALYTICS, (3, 4, 5, 6))
    write(folder, "tiny_12_obb", tiny_12_obb, ULTRALYTICS, (2, 4, 6))
    write(folder, "tiny_26_seg", tiny_26_seg, ULTRALYTICS, (3, 5, 6))
    for name, head in {"tiny_8_seg": Segment, "tiny_8_pose": Pose, "tiny_26_pose": Pose26}.items():
        write(folder, name, tiny_with(head), ULTRALYTICS, (3, 4))


if __name__ == "__main__":
    main()
