"""Converts tracks, detections and ground truth to Parquet and back. It needs pyarrow.

    python3 -m onepass.parquet tracks.jsonl tracks.parquet
    python3 -m onepass.parquet tracks.parquet tracks.xml --classes person       # options of onepass convert

The columns are those of csv (docs/formats.md): frame and id (int64), class (int32), class_name (string), left, top,
width, height (double, pixels), score (double, null without one) and, in ground truth with marks, crowd and ignored (bool).
"""
from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any, Optional, Union

from ._program import program_path

if TYPE_CHECKING:
    import pyarrow

Path = Union[str, "os.PathLike[str]"]

_BOXES = ("left", "top", "width", "height", "score")
_MARKS = ("crowd", "ignored")


def _columns() -> dict[str, Any]:
    """The type of every column; the marks may be missing."""
    import pyarrow as pa
    return {"frame": pa.int64(), "id": pa.int64(), "class": pa.int32(), "class_name": pa.string(),
            **{name: pa.float64() for name in _BOXES}, **{name: pa.bool_() for name in _MARKS}}


def _run_convert(source: Path, target: Path, options: tuple[str, ...], shown: dict[pathlib.Path, Path]) -> None:
    """shown: files whose names mean nothing to the user, and the names that stand for them in messages"""
    done = subprocess.run([program_path(), "convert", os.fspath(source), os.fspath(target), *options],
                          stderr=subprocess.PIPE, text=True, check=False)
    said = done.stderr
    for path, name in shown.items():
        said = said.replace(os.fspath(path), os.fspath(name))
    if done.returncode != 0:
        raise ValueError(said.strip().removeprefix("onepass: "))
    sys.stderr.write(said)


def _read_table(path: Path) -> pyarrow.Table:
    import pyarrow as pa
    import pyarrow.parquet
    try:
        table = pyarrow.parquet.read_table(path)
    except pa.ArrowInvalid as error:
        raise ValueError(f"{os.fspath(path)}: {str(error).splitlines()[0]}") from None
    columns = {name: kind for name, kind in _columns().items() if name not in _MARKS or name in table.column_names}
    for name in columns:
        if name not in table.column_names:
            raise ValueError(f"{os.fspath(path)}: no column '{name}'; expected {','.join(columns)}")
    try:
        return table.select(list(columns)).cast(pa.schema(list(columns.items())))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(f"{os.fspath(path)}: {str(error).splitlines()[0]}") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str):  # csv of onepass has no quotes
        return "".join(" " if letter in ',"' or letter < " " else letter for letter in value)
    return repr(value)


def _write_csv(table: pyarrow.Table, path: pathlib.Path) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(table.column_names) + "\n")
        for batch in table.to_batches(max_chunksize=65536):
            for row in zip(*(column.to_pylist() for column in batch.columns)):
                file.write(",".join(map(_cell, row)) + "\n")


def _refuse_existing(target: Path) -> ValueError:
    return ValueError(f"{os.fspath(target)}: already exists; see --overwrite")


def _write_parquet(csv: pathlib.Path, target: Path, overwrite: bool) -> None:
    import pyarrow.csv
    import pyarrow.parquet
    types = pyarrow.csv.ConvertOptions(column_types=_columns())
    table = pyarrow.csv.read_csv(csv, convert_options=types)
    part = os.fspath(target) + ".part"
    try:
        pyarrow.parquet.write_table(table, part)
        if not overwrite:
            open(target, "x").close()  # fails if another process has written it meanwhile
        os.replace(part, target)
    except FileExistsError:
        raise _refuse_existing(target) from None
    finally:
        pathlib.Path(part).unlink(missing_ok=True)


def convert(source: Path, target: Path, *options: str, overwrite: bool = False) -> None:
    """Converts a file in any format of onepass convert to Parquet, or Parquet to any other format.

    source, target  one of them ends with .parquet
    options         of onepass convert, such as "--classes", "person"
    overwrite       replace an existing target

    Raises ValueError with the message of the program, or for a file that is not such a table; ImportError without pyarrow.
    """
    import pyarrow  # noqa: F401  before anything is written
    reads, writes = (os.fspath(path).endswith(".parquet") for path in (source, target))
    if reads == writes:
        raise ValueError("one of the two files must end with .parquet" + (", not both" if reads else ""))
    if writes and os.path.exists(target) and not overwrite:
        raise _refuse_existing(target)
    with tempfile.TemporaryDirectory() as folder:
        csv = pathlib.Path(folder, pathlib.Path(source).stem + ".csv")
        if writes:
            _run_convert(source, csv, options, {csv: target})
            _write_parquet(csv, target, overwrite)
        else:
            _write_csv(_read_table(source), csv)
            _run_convert(csv, target, (*options, *(["--overwrite"] if overwrite else [])), {csv: source})


def main(words: Optional[list[str]] = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m onepass.parquet", allow_abbrev=False,
                                     description="Convert to Parquet, or from it; options of onepass convert follow.")
    parser.add_argument("source", help="file in a format of onepass convert, or .parquet")
    parser.add_argument("target", help="the same; one of the two is .parquet")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing target")
    given, options = parser.parse_known_args(words)
    try:
        convert(given.source, given.target, *options, overwrite=given.overwrite)
    except ModuleNotFoundError as error:
        print(f"onepass: Parquet needs {error.name}; install it with pip install pyarrow", file=sys.stderr)
        return 1
    except (ValueError, OSError) as error:
        print(f"onepass: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
