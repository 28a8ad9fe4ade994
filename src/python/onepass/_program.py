"""Runs the program onepass that the package contains."""
from __future__ import annotations

import os
import pathlib
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Replaces this process by the program, with the same arguments."""
    program = pathlib.Path(__file__).parent / "bin" / "onepass"
    os.execv(program, ["onepass", *sys.argv[1:]])
