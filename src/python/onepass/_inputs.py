"""Opens the sources and detectors that track() is given."""
from __future__ import annotations

import logging
import os
import warnings
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence, Union

from . import _tracker
from ._detections import as_arrays
from ._parts import is_path, media, models

Path = Union[str, "os.PathLike[str]"]
_log = logging.getLogger("onepass")


def refuse(given: Mapping[str, Any], defaults: Mapping[str, Any], reason: str) -> None:
    for name, value in given.items():
        if value != defaults[name]:
            raise ValueError(f"{name}: has no effect {reason}")


def check_effect(settings: Mapping[str, Any], allowed: tuple[str, ...], reason: str) -> None:
    for name in settings:
        if not name.startswith(allowed):
            raise ValueError(f"{name}: has no effect {reason}")


def open_source(source: Any, stride: int, stream: Optional[int], frame_rate: Optional[float], load_images: bool) -> _tracker.Source:
    if is_path(source) or isinstance(source, int):
        if frame_rate is not None:
            raise ValueError("frame_rate: has no effect on a source with a rate of its own")
        location = str(source) if isinstance(source, int) else os.fspath(source)
        file: _tracker.Source = media().open_file(location, stride, stream, load_images)
        return file
    if stream is not None:
        raise ValueError("stream: has no effect on images")
    if not isinstance(source, Iterable):
        raise ValueError("source: expected the path of a video, a folder of images or a sequence, a camera number, a URL, "
                         f"or an iterable of images, got {type(source).__name__}")
    return _tracker.image_source(iter(source), 30.0 if frame_rate is None else frame_rate, stride)


def open_live(source: Any, stride: int, frame_rate: Optional[float], options: dict[str, Any]) -> _tracker.Source:
    refuse({"stride": stride, "frame_rate": frame_rate}, {"stride": 1, "frame_rate": None},
            "with live, which drops frames when it falls behind")
    if not (is_path(source) or isinstance(source, int)):
        raise ValueError("source: live needs a camera number, a URL or a path")
    location = str(source) if isinstance(source, int) else os.fspath(source)
    camera: _tracker.Source = media().open_live(location, lambda news: _log.info("%s: %s", location, news), options)
    return camera


def detector_maker(model: Any, detections: Optional[Path], config: Any, settings: Mapping[str, Any],
                    class_names: Sequence[str]) -> Callable[[_tracker.Source], _tracker.StreamDetector]:
    """Loads the model and returns a function that gives a source its detector."""
    if detections is not None:
        check_effect(settings, ("tracker.",), "with detections")
        path = os.fspath(detections)
        return lambda source: _tracker.replay(path, source, config)
    if len(class_names) > 0 and (is_path(model) or hasattr(model, "for_stream")):
        raise ValueError("class_names: has no effect with a model, which has its own")
    if is_path(model):
        loaded = models().Detector(model, config)
        return lambda source: loaded.for_stream()
    if hasattr(model, "for_stream"):
        check_effect(settings, ("tracker.", "memory."), "on a Detector that is already loaded; give it to the Detector")
        return lambda source: model.for_stream()
    if callable(model):
        check_effect(settings, ("tracker.", "memory."), "with a detector of your own")
        return lambda source: _tracker.function_detector(lambda image: as_arrays(model(image)), list(class_names))
    raise ValueError(f"model: expected the path of a model, a Detector or a function, got {type(model).__name__}")


def loads_images(source: Any, asked: Optional[bool], config: Any, shown: bool) -> bool:
    """Whether to read the images of a sequence; without them it can be tracked with given detections. `shown`: on a page."""
    if asked is not None or not (shown or config.compensates_by_images) or not is_path(source):
        return bool(asked)
    if media().has_images(os.fspath(source)):
        return True
    if config.compensates_by_images:
        warnings.warn(f"{os.fspath(source)}: has no images; camera motion is not compensated", stacklevel=3)
    return False
