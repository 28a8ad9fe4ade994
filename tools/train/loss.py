"""Detection loss: binary cross entropy of class scores, complete IoU of boxes, and distribution focal loss of sides."""
import math

import torch
from torch.nn import functional

from assignment import assign
from network import decode

CLASS_WEIGHT, BOX_WEIGHT, SIDE_WEIGHT = 1.0, 10.0, 2.0


def complete_iou(a, b):
    """IoU minus penalties for center distance and aspect ratio (Zheng et al., CIoU, arXiv 1911.08287)."""
    sides = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0)
    size_a, size_b = a[..., 2:] - a[..., :2], b[..., 2:] - b[..., :2]
    shared = sides.prod(-1)
    overlap = shared / (size_a.prod(-1) + size_b.prod(-1) - shared + 1e-7)
    hull = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    offset = (a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) / 2
    distance = offset.square().sum(-1) / (hull.square().sum(-1) + 1e-7)
    angle = lambda size: torch.atan(size[..., 0] / (size[..., 1] + 1e-7))
    shape = 4 / math.pi**2 * (angle(size_a) - angle(size_b)).square()
    with torch.no_grad():
        weight = shape / (1 - overlap + shape + 1e-7)
    return overlap - distance - weight * shape


def distribution_focal(logits, sides):
    """
    Cross entropy with the two bins next to each side (Li et al., Generalized Focal Loss, arXiv 2006.04388, eq. 6).
    logits: … × bins; sides: … in bins.
    """
    sides = sides.clamp(0, logits.shape[-1] - 1.01)
    lower = sides.floor().long()
    upper_share = sides - lower
    logs = logits.log_softmax(-1)
    at = lambda bins: logs.gather(-1, bins[..., None])[..., 0]
    return -(1 - upper_share) * at(lower) - upper_share * at(lower + 1)


def detection_loss(distances, logits, centers, strides, objects):
    """
    distances: batch × cells × 4 × bins; logits: batch × cells × classes; objects: dict of padded tensors (scenes.py).
    Returns the loss and its three parts (class, box, side) as numbers.
    """
    predicted = decode(distances, centers, strides)
    targets = assign(predicted.detach(), logits.detach().sigmoid(), centers, objects["boxes"], objects["classes"],
                     objects["valid"], objects["ignore"])
    positive, index = targets.positive, targets.objects
    classes = objects["classes"].gather(1, index)
    wanted = functional.one_hot(classes, logits.shape[-1]) * targets.quality[..., None]
    total = targets.quality.sum().clamp(min=1)
    per_cell = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none").sum(-1)
    class_loss = (per_cell * ~targets.ignored).sum() / total

    quality = targets.quality[positive]
    boxes = objects["boxes"].gather(1, index[..., None].expand(-1, -1, 4))[positive]
    box_loss = ((1 - complete_iou(predicted[positive], boxes)) * quality).sum() / total
    center, stride = centers.expand(len(index), -1, -1)[positive], strides.expand(len(index), -1)[positive]
    sides = torch.cat((center - boxes[:, :2], boxes[:, 2:] - center), -1) / stride[:, None]
    side_loss = (distribution_focal(distances[positive], sides).mean(-1) * quality).sum() / total
    loss = CLASS_WEIGHT * class_loss + BOX_WEIGHT * box_loss + SIDE_WEIGHT * side_loss
    return loss, (float(class_loss), float(box_loss), float(side_loss))
