"""Multi-object tracking with re-identification from one forward pass.

    import onepass

    for result in onepass.track("street.mp4", "yolov8n.pt", max_age_s=3):
        print(result.index, result.tracks.ids, result.tracks.xyxy)

`track` does what `onepass track` does: equal ids and boxes for the same input. With a loop of your own:

    detector = onepass.Detector("yolov8n.pt")
    tracker = onepass.Tracker(frame_rate=30)
    for image in images:                                    # H×W×3, uint8, blue-green-red as OpenCV reads them
        tracks = tracker.update(*detector.detect(image))    # a structured array: id, box, class_id, score, ...

Boxes are left, top, width, height in pixels, unless a name says xyxy. The GIL is released while images are processed,
frames are tracked and results are scored. A `config` argument is the path of a YAML file, the name of a built-in
configuration such as "bytetrack", a dict such as {"tracker.max_age_s": 2}, or a list of these, in which later items
override earlier ones. docs/parameters.md describes the parameters.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from ._detections import Detections
from ._run import Result, Run, track
from ._tracker import (Tracker, ZoneCounts, ZoneEvent, __version__, dump_config, evaluate, mot_rows, track_dtype)
from ._tracks import Tracks
from ._zones import ZoneCounter

if TYPE_CHECKING:
    from ._models import Detector

__all__ = ["Detections", "Detector", "Result", "Run", "Tracker", "Tracks", "ZoneCounter", "ZoneCounts", "ZoneEvent",
           "__version__", "dump_config", "evaluate", "mot_rows", "track", "track_dtype"]


def __getattr__(name: str) -> object:
    if name == "Detector":  # loaded when it is used: OpenVINO may be missing
        from ._parts import models
        return models().Detector
    raise AttributeError(f"module 'onepass' has no attribute {name!r}")
