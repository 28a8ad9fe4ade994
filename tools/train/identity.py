"""Identity loss: trains the backbone to give the same object similar embeddings in different frames.

onepass pools embeddings from backbone layers, in horizontal stripes, removes the values that are typical for objects of
that size in the stream, and compares directions. Training does the same over crops of one sequence, on the deepest layer
of each stride (by default onepass reads those of strides 4 and 8), with a supervised contrastive loss (Khosla et al., arXiv 2004.11362, eq. 2).
"""
import torch
from torch.nn import functional

LAYERS, STRIDES, STRIPES = (2, 4, 6, 9), (4, 8, 16, 32), (8, 8, 4, 1)
TEMPERATURE = 0.1
ROWS, COLUMNS = 16, 4  # points sampled per object and layer


def pool(maps, boxes, stride, stripes):
    """
    Means of each box's stripes. maps: images × channels × height × width; boxes: images × objects × 4, in pixels.
    Returns images × objects × (stripes · channels).
    """
    images, objects = boxes.shape[:2]
    across = (torch.arange(COLUMNS) + 0.5) / COLUMNS
    down = (torch.arange(ROWS) + 0.5) / ROWS
    x = boxes[..., 0, None, None] + (boxes[..., 2] - boxes[..., 0])[..., None, None] * across[None, :]
    y = boxes[..., 1, None, None] + (boxes[..., 3] - boxes[..., 1])[..., None, None] * down[:, None]
    size = torch.tensor([maps.shape[3], maps.shape[2]]) * float(stride)
    grid = torch.stack(torch.broadcast_tensors(x, y), -1) / size * 2 - 1
    points = functional.grid_sample(maps.float().contiguous(), grid.view(images, objects, ROWS * COLUMNS, 2),
                                    padding_mode="border", align_corners=False)
    points = points.view(images, maps.shape[1], objects, stripes, -1).mean(-1)
    return points.permute(0, 2, 3, 1).flatten(2)


def standardized(values, heights):
    """Residuals of a quadratic fit in the logarithm of the height, divided by their standard deviation."""
    u = torch.log(heights / 100)
    known = torch.stack((torch.ones_like(u), u, u * u), 1)
    gram = known.T @ known + 1e-3 * torch.eye(3)
    residual = values - known @ torch.linalg.solve(gram, known.T @ values)
    return residual / (residual.std(0, unbiased=False) + 1e-3)


def embeddings(layers, objects, first):
    """Unit embeddings, identities and images of the valid identified objects in the batch from image `first` on."""
    boxes, wanted = objects["boxes"][first:], objects["valid"][first:] & (objects["identities"][first:] >= 0)
    heights = (boxes[..., 3] - boxes[..., 1])[wanted]
    parts = []
    for index, stride, stripes in zip(LAYERS, STRIDES, STRIPES):
        values = pool(layers[index][first:], boxes, stride, stripes)[wanted]
        parts.append(functional.normalize(standardized(values, heights), dim=1))
    images = torch.arange(len(boxes))[:, None].expand_as(wanted)[wanted]
    return functional.normalize(torch.cat(parts, 1), dim=1), objects["identities"][first:][wanted], images


def identity_loss(vectors, identities, images):
    """Mean loss over objects that also appear in another image; zero if there are none."""
    likeness = vectors @ vectors.T / TEMPERATURE
    same = identities[:, None] == identities[None]
    positive = same & (images[:, None] != images[None])
    itself = torch.eye(len(vectors), dtype=torch.bool)
    logs = likeness - likeness.masked_fill(itself, -1e4).logsumexp(1, keepdim=True)
    count = positive.sum(1)
    if not count.any():
        return vectors.sum() * 0
    return -((logs * positive).sum(1)[count > 0] / count[count > 0]).mean()


@torch.no_grad()
def found_again(vectors, identities, images):
    """Share of the objects in several images whose nearest neighbor in other images is the same object."""
    elsewhere = images[:, None] != images[None]
    same = (identities[:, None] == identities[None]) & elsewhere
    best = (vectors @ vectors.T).masked_fill(~elsewhere, -2).argmax(1)
    asked = same.any(1)
    return float(same[torch.arange(len(best)), best][asked].float().mean()) if asked.any() else float("nan")
