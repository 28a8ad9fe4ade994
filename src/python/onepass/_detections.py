"""What a detector finds in one image, and what track() accepts of a detector that is a Python function."""
from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt


class Detections(NamedTuple):
    """The objects in one image, one row each; pass its items to Tracker.update."""

    boxes: npt.NDArray[np.float32]
    """N×4: left, top, width, height in pixels"""
    scores: npt.NDArray[np.float32]
    """N, in 0 to 1"""
    classes: npt.NDArray[np.int32]
    """N class numbers"""
    embeddings: Optional[npt.NDArray[np.float32]] = None
    """N×D of unit norm (a row of zeros: none), or None"""


_EXPECTED = ("expected (boxes, scores[, classes[, embeddings]]) with boxes as left, top, width, height, or Detections of "
             "onepass or supervision")


def _of_supervision(found: Any) -> tuple[Any, Any, Any, Any]:
    """The columns of an object with the attributes of supervision.Detections."""
    corners = np.asarray(found.xyxy).reshape(-1, 4)
    boxes = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
    scores = np.ones(len(boxes)) if found.confidence is None else found.confidence
    classes = None if found.class_id is None else np.asarray(found.class_id).astype(np.int64)
    return boxes, scores, classes, None


def as_arrays(found: Any) -> tuple[Any, Any, Any, Any]:
    """What a detector function returned, as boxes, scores, classes and embeddings."""
    if hasattr(found, "xyxy") and hasattr(found, "confidence"):
        return _of_supervision(found)
    if not isinstance(found, tuple) or not 2 <= len(found) <= 4:
        kind = f"a tuple of {len(found)}" if isinstance(found, tuple) else type(found).__name__
        raise ValueError(f"model: {_EXPECTED}, got {kind}")
    boxes, scores, classes, embeddings = (*found, None, None)[:4]
    return boxes, scores, classes, embeddings
