"""Detector: runs models."""
import os
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from ._detections import Detections
from ._tracker import StreamDetector

class Detector:
    """Detects objects in images and computes their embeddings, in one forward pass."""

    def __init__(self, model: Union[str, os.PathLike[str]], config: Any = None) -> None: ...
    def detect(self, image: npt.NDArray[np.uint8]) -> Detections: ...
    def for_stream(self) -> StreamDetector: ...
    @property
    def class_names(self) -> list[str]: ...
    @property
    def embedding_space(self) -> str: ...
