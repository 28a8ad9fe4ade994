"""The tracks of one frame, with columns by name."""
from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Optional, Sequence

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas
    import supervision

Floats = npt.NDArray[np.float32]


class Tracks:
    """The tracks of one frame, sorted by id; every column has one entry per track.

    Tracks(records, class_names=())
        records      what Tracker.update returns
        class_names  names, indexed by class number
    """

    def __init__(self, records: npt.NDArray[Any], class_names: Sequence[str] = (), step: Any = None) -> None:
        self.records = records
        self._names = class_names
        self._step = step  # of the run that made the tracks: what records leave out

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"Tracks(ids={self.ids.tolist()}, class_names={self.class_names})"

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        """N int64, from 1."""
        return self.records["id"]

    @property
    def boxes(self) -> Floats:
        """N×4 float32: left, top, width, height in pixels."""
        return self.records["box"]

    @property
    def xywh(self) -> Floats:
        """The same as `boxes`."""
        return self.boxes

    @property
    def xyxy(self) -> Floats:
        """N×4 float32: left, top, right, bottom in pixels."""
        boxes = self.boxes
        return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])

    @property
    def scores(self) -> Floats:
        """N float32 in 0 to 1: score of the last matched detection."""
        return self.records["score"]

    @property
    def classes(self) -> npt.NDArray[np.int32]:
        """N int32: class numbers."""
        return self.records["class_id"]

    @property
    def class_names(self) -> list[str]:
        """N names; the number of a class without name."""
        return [self._names[number] if number < len(self._names) else str(number) for number in self.classes.tolist()]

    @property
    def states(self) -> npt.NDArray[np.str_]:
        """N texts: "confirmed" or "lost"."""
        return self.records["state"]

    @property
    def origins(self) -> npt.NDArray[np.str_]:
        """N texts: "detected", or "predicted" if the object was not detected in this frame."""
        return self.records["origin"]

    @property
    def detections(self) -> npt.NDArray[np.int32]:
        """N int32: row of the detection that the track was matched with in this frame; -1 for none."""
        return self.records["detection"]

    @cached_property
    def embeddings(self) -> Optional[Floats]:
        """N×D float32 of unit norm: embedding of that detection (zeros: none); None without embeddings."""
        return None if self._step is None else self._step.embeddings

    @cached_property
    def masks(self) -> Optional[npt.NDArray[np.bool_]]:
        """N×H×W booleans: pixels of the object (segmentation models); None without masks."""
        return None if self._step is None else self._step.masks

    @cached_property
    def keypoints(self) -> Optional[Floats]:
        """N×K×3 float32: x, y in pixels, score (pose models; NaN for a track without them); None without keypoints."""
        return None if self._step is None else self._step.keypoints

    @cached_property
    def rotated(self) -> Optional[Floats]:
        """N×5 float32: center x, center y, width, height in pixels, angle in radians, clockwise from the x axis to the
        side called width (models of rotated boxes; NaN for a track without one); None without rotated boxes."""
        return None if self._step is None else self._step.rotated

    def to_supervision(self) -> supervision.Detections:
        """supervision.Detections with tracker_id, class_name, origin and, if there are any, masks."""
        import supervision
        return supervision.Detections(
            xyxy=self.xyxy, confidence=self.scores.copy(), class_id=self.classes.astype(int), tracker_id=self.ids.astype(int),
            mask=self.masks, data={"class_name": np.array(self.class_names, dtype=str), "origin": self.origins.copy()})

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame: id, left, top, width, height, score, class_id, class_name, state, origin."""
        import pandas
        columns = {"id": self.ids, **dict(zip(("left", "top", "width", "height"), self.boxes.T)), "score": self.scores,
                   "class_id": self.classes, "class_name": self.class_names, "state": self.states,
                   "origin": self.origins}
        return pandas.DataFrame({name: np.array(values) if name != "class_name" else values
                                 for name, values in columns.items()})
