#!/usr/bin/env python3
"""Writes tests/data/export_*: small ONNX and OpenVINO models with random weights and the outputs of known detectors.

    python3 tools/models/make_test_exports.py [FOLDER]
        Needs torch >= 2, onnx, onnxruntime, openvino and nncf (pip install); the default folder is tests/data.

The networks consist of minimal modules of our own. Every model has a golden file, as in make_test_models.py: the rows of
boxes and the feature maps that PyTorch computes for `pattern(64, 96)` in double precision.
"""
import pathlib
import sys
import warnings

import nncf
import onnx
import openvino
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static
from torch import nn

from make_test_models import pattern, randomize, write_golden
from stock_blocks import C2f, C3, Concat, Conv, SPPF
from stock_heads import DetectAnchors, DetectDfl, DetectOneToOne
from stock_model import Model

HEIGHT, WIDTH = 64, 96
NAMES = {0: "circle", 1: "square", 2: "star"}
RECORD = {"description": "small test model", "task": "detect", "stride": "16", "imgsz": f"[{HEIGHT}, {WIDTH}]",
          "names": str(NAMES)}


def centers(maps, strides, offset=0.5):
    """Centers of all cells and their strides; sizes are read from the maps, so that a trace computes them."""
    points, sizes = [], []
    for m, stride in zip(maps, strides):
        y, x = torch.meshgrid(torch.arange(m.shape[2]) + offset, torch.arange(m.shape[3]) + offset, indexing="ij")
        points.append(torch.stack((x, y)).flatten(1))
        sizes.append(torch.full_like(points[-1][:1], float(stride)))
    return torch.cat(points, 1), torch.cat(sizes, 1)


def distances(head, boxes, classes):
    flat = torch.cat([m.flatten(2) for m in boxes], 2)
    near, far = head.dfl(flat).chunk(2, 1)
    points, strides = centers(boxes, head.stride)
    return points - near, points + far, strides, torch.cat([m.flatten(2) for m in classes], 2).sigmoid()


class Raw(DetectDfl):
    """As v8 is exported: center, size and class probabilities, 1×(4 + classes)×anchors."""

    def forward(self, xs):
        raw = self.raw(xs)
        low, high, strides, scores = distances(self, raw[0::2], raw[1::2])
        return torch.cat(((low + high) / 2 * strides, (high - low) * strides, scores), 1)


class EndToEnd(DetectOneToOne):
    """As v10 is exported: corners, score and class of the best 20 objects, 1×20×6."""

    def forward(self, xs):
        raw = self.raw(xs)
        low, high, strides, scores = distances(self, raw[0::2], raw[1::2])
        best, kind = scores.max(1)
        best, order = best.topk(20)
        corners = (torch.cat((low, high), 1) * strides).gather(2, order[:, None].expand(-1, 4, -1))
        return torch.cat((corners, best[:, None], kind.gather(1, order)[:, None].to(corners)), 1).transpose(1, 2)


class Anchors(DetectAnchors):
    """As v5 and v7 are exported: center, size, objectness and class probabilities, 1×anchors×(5 + classes)."""

    def forward(self, xs):
        return super().forward(xs)[0]


def chain(head, names=NAMES):
    up = nn.Upsample(None, 2.0, "nearest")
    return Model([
        (-1, Conv(3, 4, 3, 2)), (-1, Conv(4, 8, 3, 2)), (-1, C2f(8, 8, 1, True)), (-1, Conv(8, 8, 3, 2)),
        (-1, C2f(8, 8, 1, True)), (-1, Conv(8, 8, 3, 2)), (-1, SPPF(8, 8)), (-1, up), ([-1, 4], Concat()),
        (-1, C3(16, 8, 1, False)), (-1, Conv(8, 8, 3, 2)), ([-1, 6], Concat()), (-1, C3(16, 8, 1, False)),
        ([9, 12], head),
    ], names, WIDTH)


class Backbone(nn.Module):
    """Maps of strides 4, 8, 16 and 32."""

    def __init__(self, widths=(4, 8, 8, 8)):
        super().__init__()
        self.stem = Conv(3, 4, 3, 2)
        before = (4, *widths)
        self.stages = nn.ModuleList(nn.Sequential(Conv(a, b, 3, 2), C2f(b, b, 1, True)) for a, b in zip(before, widths))

    def forward(self, x):
        maps, x = [], self.stem(x)
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps


class Yolox(nn.Module):
    """YOLOX as it is exported: offsets from the cell, logarithms of the size, objectness and class probabilities."""

    def __init__(self, decoded=False):
        super().__init__()
        self.decoded = decoded
        self.backbone, self.up = Backbone(), nn.Upsample(None, 2.0, "nearest")
        self.lateral = nn.ModuleList(Conv(a, 8, 1) for a in (8, 16, 16))
        self.box = nn.ModuleList(nn.Conv2d(8, 5, 1) for _ in range(3))
        self.kind = nn.ModuleList(nn.Conv2d(8, 2, 1) for _ in range(3))

    def forward(self, x):
        _, fine, middle, coarse = self.backbone(x)
        p5 = self.lateral[0](coarse)
        p4 = self.lateral[1](torch.cat((self.up(p5), middle), 1))
        p3 = self.lateral[2](torch.cat((self.up(p4), fine), 1))
        rows = []
        for p, box, kind, stride in zip((p3, p4, p5), self.box, self.kind, (8, 16, 32)):
            boxes = box(p)
            if self.decoded:
                corner, sizes = centers([p], [stride], 0.0)
                offsets = (boxes[:, :2].flatten(2) + corner) * sizes
                boxes = torch.cat((offsets, boxes[:, 2:4].flatten(2).exp() * sizes, boxes[:, 4:].flatten(2).sigmoid()), 1)
                rows.append(torch.cat((boxes, kind(p).flatten(2).sigmoid()), 1))
            else:
                rows.append(torch.cat((boxes[:, :4], boxes[:, 4:].sigmoid(), kind(p).sigmoid()), 1).flatten(2))
        return torch.cat(rows, 2).transpose(1, 2)


class Queries(nn.Module):
    """A query detector: queries attend to the coarsest map and predict boxes as shares of the image, and logits."""

    def __init__(self, classes=3):
        super().__init__()
        self.backbone = Backbone()
        self.queries = nn.Parameter(torch.randn(1, 12, 8))
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.boxes, self.logits = nn.Linear(8, 4), nn.Linear(8, classes)

    def forward(self, x):
        memory = self.backbone(x)[-1].flatten(2).transpose(1, 2)
        found = self.queries + 3 * self.attention(self.queries, memory, memory, need_weights=False)[0]
        return self.boxes(found).sigmoid(), self.logits(found)


class Deployed(Queries):
    """A query detector with its postprocessing: class numbers, corners in an image of the given size, and scores."""

    def forward(self, x, orig_target_sizes):
        boxes, logits = super().forward(x)
        scores, labels = logits.sigmoid().max(2)
        center, size = boxes.chunk(2, 2)
        corners = torch.cat((center - size / 2, center + size / 2), 2)
        return labels, corners * orig_target_sizes.repeat(1, 2)[:, None], scores


def settle(model, seed):
    """Random weights, with the batch statistics of one pass."""
    torch.manual_seed(seed)
    for norm in (module for module in model.modules() if isinstance(module, nn.BatchNorm2d)):
        nn.init.uniform_(norm.weight, 0.5, 1)
        nn.init.uniform_(norm.bias, -0.3, 0.3)
        norm.momentum = 1.0
    with torch.no_grad():
        model.train()(*model.sample())
    return model.eval().requires_grad_(False)


def image():
    return pattern(HEIGHT, WIDTH)


def export(model, inputs, path, record=None, dynamic=False, outputs=("output0",), rename=False):
    names = ["images", "orig_target_sizes"][: len(inputs)]
    axes = {"images": {2: "height", 3: "width"}} if dynamic else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, inputs, str(path), input_names=names, output_names=list(outputs), dynamic_axes=axes,
                          opset_version=17, dynamo=False)
    proto = onnx.load(str(path))
    for index, node in enumerate(proto.graph.node):
        node.doc_string = ""
        if rename:  # as exporters before torch 1.13 named them
            node.name = f"{node.op_type}_{index}"
    onnx.helper.set_model_props(proto, record or {})
    onnx.save(proto, str(path))


def chain_model(head, seed, names=NAMES):
    model = chain(head, names)
    randomize(model, seed)
    model.set_strides()
    return model.float().eval().requires_grad_(False)


def chain_golden(path, model):
    model = model.double()
    layers, _ = model.outputs(image().double())
    rows = model(image().double())
    write_golden(path, [("rows", rows)] + [(f"layer {i}", layers[i]) for i in (0, 2, 4, 6, 9, 12)])
    model.float()


def backbone_golden(path, model, x, rows):
    maps = model.double().backbone(x.double())
    write_golden(path, [("rows", rows)] + [(f"layer {i + 1}", m) for i, m in enumerate(maps)])
    model.float()


class OneImage(CalibrationDataReader):
    def __init__(self):
        self.left = [{"images": image().numpy()}]

    def get_next(self):
        return self.left.pop() if self.left else None


def quantize_onnx(exported, path):
    """As ONNX files are quantized: pairs of QuantizeLinear and DequantizeLinear around the convolutions."""
    quantize_static(str(exported), str(path), OneImage(), quant_format=QuantFormat.QDQ, per_channel=True,
                    op_types_to_quantize=["Conv"])


def write_chains(folder):
    raw = chain_model(Raw(3, (8, 8), 4), 1)
    chain_golden(folder / "export_v8.golden", raw)
    export(raw, (image(),), folder / "export_v8.onnx", RECORD, dynamic=True)
    quantize_onnx(folder / "export_v8.onnx", folder / "export_v8_qdq.onnx")
    converted = openvino.convert_model(raw, example_input=image(), input=[("x", [1, 3, -1, -1])])
    place = folder / "export_v8_openvino"
    place.mkdir(exist_ok=True)
    openvino.save_model(converted, place / "export_v8.xml", compress_to_fp16=False)
    (place / "metadata.yaml").write_text("task: detect\nstride: 16\nimgsz: [64, 96]\nnames: {0: circle, 1: square, 2: star}\n")
    fixed = openvino.convert_model(raw, example_input=image(), input=[("x", [1, 3, HEIGHT, WIDTH])])
    quantized = nncf.quantize(fixed, nncf.Dataset([image().numpy()]), subset_size=1)
    openvino.save_model(quantized, folder / "export_v8_int8.xml", compress_to_fp16=False)
    (folder / "export_v8_int8.yaml").write_text("names: [circle, square, star]\nstride: 16\n")

    best = chain_model(EndToEnd(3, (8, 8), 4), 2)
    chain_golden(folder / "export_end2end.golden", best)
    export(best, (image(),), folder / "export_end2end.onnx", {**RECORD, "end2end": "True"})

    anchors = [[[10.0, 13.0], [16.0, 30.0], [33.0, 23.0]], [[30.0, 61.0], [62.0, 45.0], [59.0, 119.0]]]
    v5 = chain_model(Anchors(2, anchors, (8, 8)), 3)
    chain_golden(folder / "export_v5.golden", v5)
    export(v5, (image(),), folder / "export_v5.onnx", rename=True)


def write_others(folder):
    shown = (image().flip(1) * 255,)  # YOLOX takes blue first, and values up to 255
    for name, decoded in (("export_yolox", False), ("export_yolox_decoded", True)):
        model = Yolox(decoded)
        model.sample = lambda: shown
        settle(model, 4)
        rows = model.double()(shown[0].double())
        backbone_golden(folder / f"{name}.golden", model, shown[0], rows)
        export(model, shown, folder / f"{name}.onnx")

    model = Queries()
    model.sample = lambda: (image(),)
    settle(model, 5)
    boxes, logits = model.double()(image().double())
    backbone_golden(folder / "export_queries.golden", model, image(), torch.cat((boxes, logits), 2))
    export(model, (image(),), folder / "export_queries.onnx", outputs=("pred_boxes", "logits"))

    size = torch.tensor([[WIDTH, HEIGHT]])
    model = Deployed()
    model.sample = lambda: (image(), size)
    settle(model, 5)
    labels, corners, scores = model.double()(image().double(), size)
    rows = torch.cat((corners, scores[..., None], labels[..., None].double()), 2)
    backbone_golden(folder / "export_deployed.golden", model, image(), rows)
    export(model, (image(), size), folder / "export_deployed.onnx", outputs=("labels", "boxes", "scores"))
    (folder / "export_deployed.yaml").write_text("names: [circle, square, star]\n")


def write_pooled_crop(path):
    """A network that stands for a dedicated re-identification network: the means of the 8 by 8 cells of a crop."""
    from onnx import TensorProto, helper, save
    nodes = [helper.make_node("AveragePool", ["crop"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
             helper.make_node("Flatten", ["cells"], ["embedding"])]
    graph = helper.make_graph(nodes, "pooled_crop",
                              [helper.make_tensor_value_info("crop", TensorProto.FLOAT, [1, 3, 32, 16])],
                              [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, 24])])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6), path)


def write_external_weights(path):
    """A convolution whose weights are in another file, as of models beyond 2 GB; that file is missing."""
    from onnx import TensorProto, helper
    weights = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=[4, 3, 1, 1],
                          data_location=TensorProto.EXTERNAL)
    for key, value in {"location": "weights.data", "offset": "0", "length": "48"}.items():
        weights.external_data.add(key=key, value=value)
    graph = helper.make_graph([helper.make_node("Conv", ["images", "weights"], ["rows"])], "external_weights",
                              [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 96])],
                              [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [1, 4, 64, 96])], [weights])
    path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                                       ir_version=8).SerializeToString())


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / "tests/data"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    write_chains(folder)
    write_others(folder)
    write_pooled_crop(folder / "pooled_crop.onnx")
    write_external_weights(folder / "external_weights.onnx")


if __name__ == "__main__":
    main()
