"""Finds the sources of ray_track.py, and makes units of them."""
import collections
import json
import os
import pathlib
import posixpath
import subprocess
import tempfile

from track_locations import UsageError, file_system, is_url

VIDEOS = {".mp4", ".m4v", ".mkv", ".mov", ".avi", ".webm", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv", ".flv"}
IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}


def found_in_folder(folder):
    """Returns the sources in a folder: its videos, sequences and image folders, below it too; or the folder itself."""
    sources = []
    for path, folders, names in os.walk(folder):
        videos = [name for name in names if pathlib.Path(name).suffix.lower() in VIDEOS]
        has_images = any(pathlib.Path(name).suffix.lower() in IMAGES for name in names)
        if "seqinfo.ini" in names or (has_images and not videos):
            sources.append(path)
            folders.clear()
        sources += [os.path.join(path, name) for name in videos]
    return sorted(sources)


def found_at_url(url):
    """Returns the URLs of the videos below a prefix."""
    files, path = file_system(url)
    if files.isfile(path):
        return [url]
    protocol = url.split("://")[0]
    found = [name for name in files.find(path) if posixpath.splitext(name)[1].lower() in VIDEOS]
    return [f"{protocol}://{name}" for name in sorted(found)]


def sources_of(argument):
    """Returns the sources that an argument of the command line stands for."""
    if is_url(argument):
        found = found_at_url(argument)
    elif argument.endswith(".txt"):
        lines = pathlib.Path(argument).read_text(encoding="utf-8").splitlines()
        found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    elif os.path.isdir(argument):
        found = found_in_folder(argument)
    else:
        return [argument]  # a missing file is reported with the units
    if not found:
        raise UsageError(f"{argument}: no videos, sequences or image folders")
    return found


def units_of(sources):
    """Gives every source a name of its own: its stem or, if several have the same, its path."""
    plain = [pathlib.PurePath(source.rstrip("/").split("://")[-1]) for source in sources]
    stems = [path.stem if path.suffix.lower() in VIDEOS else path.name for path in plain]
    counts = collections.Counter(stems)
    names = [stem if counts[stem] == 1 else "-".join(path.with_suffix("").parts).strip("/-")
             for stem, path in zip(stems, plain)]
    if len(set(names)) < len(names):
        raise UsageError(f"the source {collections.Counter(names).most_common(1)[0][0]} is given twice")
    return [{"unit": name, "source": source} for name, source in zip(names, sources)]


def split(units, options):
    """Returns the pieces of local sources, as onepass lists them."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as whole:
        whole.write("".join(json.dumps(unit) + "\n" for unit in units))
        whole.flush()
        command = [options.onepass, "track", *options.track, "--units", whole.name, "--split", options.split,
                   "--list-units", "--manifest", options.out + "/"]
        command += ["--overlap", options.overlap] if options.overlap else []
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        raise UsageError(listed.stderr.strip().splitlines()[0] if listed.stderr else f"{command[0]} failed")
    return [json.loads(line) for line in listed.stdout.splitlines()]


def with_absolute_paths(unit):
    """Workers run in folders of their own."""
    files = [key for key in ("source", "detections", "camera_motion_file") if unit.get(key) and not is_url(unit[key])]
    return {**unit, **{key: os.path.abspath(unit[key]) for key in files}}
