"""Counts identities in zones."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Optional, Sequence, Union

import numpy.typing as npt

from . import _tracker
from ._tracks import Tracks

if TYPE_CHECKING:
    from ._run import Result
    from ._tracker import ZoneCounts, ZoneEvent


class ZoneCounter:
    """Counts the identities of one stream that cross lines and stay in polygons; docs/counting.md describes both.

    ZoneCounter(zones, class_names=(), camera="", end_after_s=3.0)
        zones        path of a YAML file
        class_names  names, indexed by class number, to find the classes that the zones name
        camera       only the zones of this camera; "": all zones
        end_after_s  an identity that was not seen for longer has left; at least the tracker's longest age of a lost
                     track (tracker.max_age_s and tracker.appearance_age_s)

    Raises RuntimeError naming file and line if the zones are invalid, or reach out of the first frame.
    """

    def __init__(self, zones: Union[str, os.PathLike[str]], class_names: Sequence[str] = (), camera: str = "",
                 end_after_s: float = 3.0) -> None:
        self._counter = _tracker.ZoneCounter(os.fspath(zones), list(class_names), camera, end_after_s)
        self._frames = 0

    def update(self, tracks: Union[Result, Tracks, npt.NDArray[Any]], *, size: Optional[tuple[int, int]] = None,
               time: Optional[float] = None) -> list[ZoneEvent]:
        """Takes the tracks of the next frame and returns what happened.

            tracks  a result of track(); or Tracks, or what Tracker.update returns, with
            size    (width, height) of the frame in pixels
            time    seconds since the start of the stream
        """
        from ._run import Result
        if isinstance(tracks, Result):
            size, time, tracks = size or tracks.size, tracks.time if time is None else time, tracks.tracks
        if size is None or time is None:
            raise ValueError(f"{'size' if size is None else 'time'}: is needed with tracks that are no result of track()")
        records = tracks.records if isinstance(tracks, Tracks) else tracks
        self._frames += 1
        return self._counter.update(records, self._frames - 1, time, size)

    def finish(self) -> list[ZoneEvent]:
        """Ends all identities at the end of the stream; returns those that leave."""
        return self._counter.finish()

    def counts(self) -> dict[str, ZoneCounts]:
        """What each zone has counted so far, by name."""
        return self._counter.counts()
