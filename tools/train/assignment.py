"""Task-aligned assignment of cells to objects (Feng et al., TOOD, arXiv 2108.07755, section 3.2)."""
from dataclasses import dataclass

import torch

ALPHA, BETA = 1.0, 6.0  # exponents of class score and IoU in the alignment metric, as published
CANDIDATES = 10  # maximum number of cells per object


@dataclass
class Targets:
    """Training targets of every cell, batch × cells."""

    positive: torch.Tensor  # whether the cell is assigned to an object
    objects: torch.Tensor  # index of that object; 0 if none
    quality: torch.Tensor  # target class score: the alignment, scaled so that its maximum is the object's best IoU
    ignored: torch.Tensor  # excluded from the loss: neither positive nor background


def overlaps(a, b):
    """IoU of boxes given as left, top, right, bottom; broadcasts."""
    sides = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0)
    shared = sides.prod(-1)
    area = lambda box: (box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1)
    return shared / (area(a) + area(b) - shared + 1e-9)


def centers_inside(boxes, centers):
    """Whether each cell center lies inside each box, batch × objects × cells."""
    near = centers - boxes[..., None, :2]
    far = boxes[..., None, 2:] - centers
    return torch.cat((near, far), -1).amin(-1) > 0


@torch.no_grad()
def assign(predicted, scores, centers, boxes, classes, valid, ignore):
    """
    Assigns cells to objects; returns the Targets.
    predicted: boxes, batch × cells × 4; scores: batch × cells × classes in 0…1; centers: cells × 2.
    boxes: batch × objects × 4; classes, valid and ignore: batch × objects. An object that is neither valid nor ignored
    is padding.
    """
    inside = centers_inside(boxes, centers)
    overlap = overlaps(boxes[:, :, None], predicted[:, None])
    index = classes[:, None].expand(-1, scores.shape[1], -1)
    score = scores.gather(2, index).transpose(1, 2)  # batch × objects × cells
    alignment = score**ALPHA * overlap**BETA * (inside & valid[..., None])
    best, cells = alignment.topk(min(CANDIDATES, alignment.shape[2]), 2)
    chosen = torch.zeros_like(inside).scatter_(2, cells, best > 0)
    # A cell claimed by several objects goes to the object with the highest IoU with its predicted box.
    winner = torch.where(chosen, overlap, torch.full_like(overlap, -1)).argmax(1)
    positive = chosen.any(1)
    chosen &= torch.arange(boxes.shape[1])[None, :, None] == winner[:, None]
    kept = alignment * chosen
    scale = (overlap * chosen).amax(2, keepdim=True) / kept.amax(2, keepdim=True).clamp(min=1e-30)
    quality = (kept * scale).sum(1)
    ignored = (inside & ignore[..., None]).any(1) & ~positive
    return Targets(positive, torch.where(positive, winner, torch.zeros_like(winner)), quality, ignored)
