"""Runs the program onepass that the package contains."""
from __future__ import annotations

import mmap
import os
import pathlib
import shutil
import sys
from typing import NoReturn

_PACKAGE = pathlib.Path(__file__).resolve().parent


def _problem(program: pathlib.Path) -> str:
    """Why the program cannot run, in words; empty if it can."""
    if not program.exists():
        return "this wheel has no program; docs/python.md says how to install it"
    with open(program, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        needs_openvino = content.find(b"libopenvino.so.") >= 0
    if needs_openvino and not (_PACKAGE.parent / "openvino" / "libs").is_dir():
        return "OpenVINO is missing; install it with pip install 'onepass[openvino]'"
    return ""


def program_path() -> str:
    """Path of the program: that of the package, otherwise the one on the PATH.

    Raises FileNotFoundError if there is none.
    """
    program = _PACKAGE / "bin" / "onepass"
    found = str(program) if program.exists() else shutil.which("onepass")
    if found is None:
        raise FileNotFoundError("the program onepass is neither part of this package nor on the PATH")
    return found


def main() -> NoReturn:
    """Replaces this process by the program, with the same arguments."""
    program = _PACKAGE / "bin" / "onepass"
    if problem := _problem(program):
        sys.exit(f"onepass: {problem}")
    os.execv(program, ["onepass", *sys.argv[1:]])
