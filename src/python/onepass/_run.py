"""Tracks a source frame by frame."""
from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from . import _tracker
from ._detections import Detections
from ._inputs import Path, detector_maker, loads_images, open_live, open_source, refuse
from ._parts import is_path, media
from ._tracks import Tracks

if TYPE_CHECKING:
    import pandas
    import supervision

    from ._models import Detector
    from ._tracker import ZoneCounts

Image = npt.NDArray[np.uint8]

_LIVE_DEFAULTS: dict[str, Any] = {"live_policy": "newest", "retries": None, "open_timeout_s": 10.0,
                                  "read_timeout_s": 5.0}
_OTHER_KEYWORDS = ["source", "model", "detections", "config", "class_names", "stride", "stream", "frame_rate", "live",
                   "load_images", *_LIVE_DEFAULTS]


class Result:
    """One frame with its tracks.

    index    position in the source, from 0; skipped frames are counted
    time     seconds since the start of the stream
    size     (width, height) of the frame in pixels
    tracks   see Tracks
    """

    def __init__(self, step: _tracker.Step, class_names: Sequence[str]) -> None:
        self._step = step
        self.index: int = step.index
        self.time: float = step.time
        self.size: tuple[int, int] = step.size or (0, 0)
        self.tracks = Tracks(step.records, class_names, step)
        self._frame: Optional[Image] = None

    def __repr__(self) -> str:
        return f"Result(index={self.index}, time={self.time:.3f}, tracks={self.tracks!r})"

    @property
    def frame(self) -> Image:
        """H×W×3 uint8 in the order blue, green, red: a view of the frame, without a copy.

        Raises ValueError if the source was opened without images (a sequence with given detections)."""
        if self._frame is None:
            self._frame = self._step.image
        if self._frame is None:
            raise ValueError("frame: the sequence has no images")
        return self._frame

    @property
    def detections(self) -> Detections:
        """Everything that the detector found in the frame; Tracks.detections are rows of it."""
        return self._step.detections

    def to_supervision(self) -> supervision.Detections:
        """See Tracks.to_supervision."""
        return self.tracks.to_supervision()

    def to_pandas(self) -> pandas.DataFrame:
        """The data frame of Tracks.to_pandas, with the columns frame (from 0) and time (seconds) before the others."""
        table = self.tracks.to_pandas()
        table.insert(0, "frame", np.full(len(table), self.index, dtype=np.int64))
        table.insert(1, "time", np.full(len(table), self.time))
        return table


class Run:
    """The frames of one source with their tracks: what track() returns.

    An iterator of Result, and a context manager. At the end, at an error and at close(), its outputs are completed.
    """

    def __init__(self, core: _tracker.Run) -> None:
        self._core = core
        self.class_names: list[str] = core.class_names
        """Class names, indexed by class number; empty if the detector has none."""

    def __iter__(self) -> Iterator[Result]:
        return self

    def __next__(self) -> Result:
        try:
            step = self._core.next()
        finally:
            self._warn()
        if step is None:
            raise StopIteration
        return Result(step, self.class_names)

    def _warn(self) -> None:
        for line in self._core.take_notes():
            warnings.warn(line, stacklevel=3)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the run, and completes its outputs with the results so far. Frames that were read ahead are lost.

        Any thread may call it, and so may a signal handler and the functions that the run calls. A wait for a live camera
        ends at once; other sources are asked for no further frame."""
        self._core.close()

    def counts(self) -> dict[str, ZoneCounts]:
        """What each zone has counted so far, by name; complete when the run has ended. Empty without zones."""
        return self._core.counts()

    def to_pandas(self) -> pandas.DataFrame:
        """The tracks of all remaining frames in one data frame; see Result.to_pandas."""
        import pandas
        tables = [result.to_pandas() for result in self]
        return pandas.concat([table for table in tables if len(table)] or tables[:1] or [pandas.DataFrame()],
                             ignore_index=True)

    @property
    def name(self) -> str:
        """Name of the source: "street" for street.mp4."""
        return self._core.name

    @property
    def frame_rate(self) -> float:
        """Nominal rate of the source in frames per second, before stride."""
        return self._core.frame_rate

    @property
    def frame_count(self) -> Optional[int]:
        """Number of frames that the source announces, before stride; None if unknown."""
        return self._core.frame_count

    @property
    def size(self) -> Optional[tuple[int, int]]:
        """(width, height) of the first frame in pixels; None if unknown until it is read."""
        return self._core.size

    @property
    def frames(self) -> int:
        """Number of frames so far."""
        return self._core.frames

    @property
    def identities(self) -> int:
        """Number of identities so far."""
        return self._core.identities

    @property
    def damaged_frames(self) -> int:
        """Number of frames so far that were damaged or could not be decoded."""
        return self._core.damaged_frames


def _word(keyword: str, value: Any) -> str:
    """A keyword as a word of the command line."""
    flag = "--" + keyword.replace("_", "-")
    if value is True:
        return flag
    if isinstance(value, (list, tuple)):
        return f"{flag}={','.join(map(str, value))}"
    return f"{flag}={os.fspath(value) if is_path(value) else value}"


def _split(keywords: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keyword arguments as settings, with full names, and as options of the program."""
    parameters = set(_tracker.parameter_keywords())
    settings = {name: value for name, value in keywords.items() if name in parameters or "." in name}
    options = {name: value for name, value in keywords.items() if name not in settings}
    if options:
        known = media().option_keywords()
        _tracker.full_names([name for name in options if name not in known], [*_OTHER_KEYWORDS, *known])
    names = _tracker.full_names(list(settings), _OTHER_KEYWORDS)
    return dict(zip(names, settings.values())), options


def _call(source: Any, model: Any, detections: Optional[Path], live: bool) -> dict[str, Any]:
    """What the program's options are checked with."""
    def text(value: Any) -> str:
        return "" if value is None else os.fspath(value) if is_path(value) else "<python>"
    return {"source": text(source), "model": text(model), "detections": text(detections), "live": live}


def track(source: Union[Path, int, Iterable[Image]], model: Union[Path, Detector, Callable[[Image], Any], None] = None,
          *, detections: Optional[Path] = None, config: Any = None, class_names: Sequence[str] = (), stride: int = 1,
          stream: Optional[int] = None, frame_rate: Optional[float] = None, live: bool = False,
          live_policy: str = "newest", retries: Optional[int] = None, open_timeout_s: float = 10.0,
          read_timeout_s: float = 5.0, save_mot: Optional[Path] = None, save_jsonl: Optional[Path] = None,
          save_video: Optional[Path] = None, save_heatmap: Optional[Path] = None, overwrite: bool = False,
          load_images: Optional[bool] = None, **keywords: Any) -> Run:
    """Tracks a source and returns an iterator of its frames with their tracks.

        for result in onepass.track("street.mp4", "yolov8n.pt", max_age_s=3, config="bytetrack"):
            print(result.index, result.tracks.ids, result.tracks.xyxy)

    source       path of a video file, a folder of images or a MOTChallenge sequence, camera number or URL; or an
                 iterable of H×W×3 uint8 images in the order blue, green, red
    model        path of a detector (.pt, .torchscript, .onnx, .xml of OpenVINO), a Detector, or a function that takes an
                 H×W×3 uint8 image and returns (boxes, scores[, classes[, embeddings]]) as for Tracker.update, or
                 Detections of onepass or supervision
    detections   instead of a model: path of a MOTChallenge file, or of a .npz that onepass benchmark saved
    config       see the module documentation
    class_names  of a function: names, indexed by class number
    stride       process every N-th frame
    stream       number of the video stream of a file or URL, from 0; None: the film
    frame_rate   of images, in frames per second; None: 30
    live         follow a camera or a network stream: track the newest frame, reconnect when the connection is lost.
                 live_policy ("newest", or "all": keep every frame), retries (attempts in a row that may fail; None:
                 forever), open_timeout_s and read_timeout_s are those of onepass track. The logger "onepass" reports
                 the state of the connection (level INFO).
    save_mot, save_jsonl, save_video, save_heatmap
                 also write these files, as onepass track does; existing ones are refused unless `overwrite` is true
    options      onepass track's options of outputs, counting, events and services, with _ for -: zones, save_counts,
                 counts_interval, ground, events, event_interval, event_crops, save_tracks with format, save_crops with
                 crops, blur, blur_part, interpolate, strict, explain, memory, serve, mqtt, ... as `onepass track --help`
                 describes them. True stands for an option without a value, a list for values separated by commas:
                 blur=True, blur=["person", "car"], zones="zones.yaml", memory="door.bin", strict=True
    load_images  of a MOTChallenge sequence with given detections: True: also read its images; None: only if an output or
                 the compensation of camera motion needs them, as onepass track does
    parameters   any parameter by its name, such as max_age_s=3 or classes=["person"]; those of the memory begin with
                 memory_ (memory_enabled=True). They override `config`

    `options` and `parameters` are keywords.

    Raises ValueError for invalid arguments, with the nearest known name, and for outputs that exist already; RuntimeError
    for files and devices that cannot be read, or written; ImportError if the libraries of a model or of videos are missing.
    """
    settings, options = _split(keywords)
    options.update(save_mot=save_mot, save_jsonl=save_jsonl, save_video=save_video, save_heatmap=save_heatmap)
    words = [_word(name, value) for name, value in options.items() if value is not None and value is not False]
    full_config = _tracker.Config([config, settings])
    if (model is None) == (detections is None):
        raise ValueError("track needs either a model or detections" + (", not both" if model is not None else ""))
    if live and detections is not None:
        raise ValueError("detections: cannot be used with live; give a model")
    call = _call(source, model, detections, live)
    plan = media().RunOptions(words + ["--overwrite"] * overwrite, call) if words else None
    if plan:
        full_config = plan.config_of(full_config, set(settings))
    make_detector = detector_maker(model, detections, full_config, settings, class_names)
    live_options = {"live_policy": live_policy, "retries": retries, "open_timeout_s": open_timeout_s,
                    "read_timeout_s": read_timeout_s}
    if live:
        opened = open_live(source, stride, frame_rate, {**live_options, "stream": stream})
    else:
        refuse(live_options, _LIVE_DEFAULTS, "without live=True")
        needed = model is not None or (plan is not None and plan.needs_images)
        shown = plan is not None and plan.has_page
        loads = loads_images(source, True if needed else load_images, full_config, shown)
        opened = open_source(source, stride, stream, frame_rate, loads)
    detector = make_detector(opened)
    outputs = media().open_outputs(opened, detector, plan, full_config) if plan else _tracker.Outputs()
    return Run(_tracker.Run(opened, detector, outputs, full_config))
