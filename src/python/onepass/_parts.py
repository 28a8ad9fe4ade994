"""Loads the extension modules that need large libraries, and says how to get these."""
from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

_BUILD = "in the source folder, bash tools/setup.sh installs what a build needs, and pip install . builds again"


def _advice(error: ImportError, library_advice: dict[str, str]) -> str:
    for library, advice in library_advice.items():
        if library in str(error):
            return advice
    return _BUILD


def _load(name: str, purpose: str, library_advice: dict[str, str]) -> ModuleType:
    try:
        return importlib.import_module(f"onepass.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"onepass.{name}":
            raise
        raise ImportError(f"this installation of onepass cannot {purpose}: {_BUILD}", name=error.name) from None
    except ImportError as error:
        raise ImportError(f"onepass cannot {purpose}: {error}; {_advice(error, library_advice)}",
                          name=error.name) from None


def media() -> Any:
    """The module that reads videos and writes files."""
    packages = ("libopencv-videoio406 libopencv-highgui406 ffmpeg libpango-1.0-0 libmosquitto1 libcpp-httplib0.11 "
                "libhiredis0.14 librdkafka1 libpugixml1v5 libssl3")
    libraries = {name: f"install it with apt install {packages}"
                 for name in ("libopencv", "libav", "libsw", "libpango", "libmosquitto", "libcpp-httplib", "libhiredis",
                              "librdkafka", "libpugixml", "libssl", "libcrypto")}
    return _load("_media", "open videos", libraries)


def models() -> Any:
    """The module that runs models."""
    return _load("_models", "run models", {"libopenvino": "install it with pip install 'onepass[openvino]'"})


def is_path(value: object) -> bool:
    """True for a str or a path object."""
    return isinstance(value, (str, os.PathLike))
