#!/usr/bin/env python3
"""Tracks many videos on a Ray cluster: every video once, retried where another attempt may succeed.

Usage: ray_track.py SOURCE ... --out OUT [options] -- [options of onepass track]

  ray_track.py videos/ --out results/ --save mot,jsonl -- --model yolov8n.pt --classes person
  ray_track.py s3://bucket/monday/ --out s3://bucket/tracks/ --workers 16 --cpus 4 -- --model /models/yolov8n.pt
  ray_track.py day.mp4 --out results/ --split 10min -- --model yolov8n.pt         # in pieces, then stitched

A SOURCE is a video, an image folder or a MOTChallenge sequence, a folder of these, a text file (.txt) that lists them,
or an fsspec URL of a file or a prefix (s3://, gs://, file://, ...); those are copied to the worker, and deleted there. OUT is a
folder that all machines see, or a URL. Finished units are recognized by their manifests, so that the same command
continues a batch that was stopped. OUT/batch.json lists all units with their results, or why they failed.

Every worker is a Ray actor with one process "onepass track --units -", whose model is loaded once. Exit codes decide on
retries: 75, 130 and a killed process are tried again (--retries), and so is every unit whose node is lost; all other
failures are final. See docs/batches.md.
"""
import argparse
import collections
import contextlib
import ctypes
import json
import os
import pathlib
import posixpath
import shutil
import signal
import subprocess
import sys
import tempfile
import time

VIDEOS = {".mp4", ".m4v", ".mkv", ".mov", ".avi", ".webm", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv", ".flv"}
IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}
EXTENSIONS = {"mot": ".txt", "jsonl": ".jsonl", "video": ".mp4", "heatmap": ".png"}
TRY_AGAIN = {75, 130}


class UsageError(Exception):
    """The command line cannot be executed; exit code 2."""


# --- units -------------------------------------------------------------------------------------------------------------


def is_url(text):
    return "://" in text


def without_credentials(location):
    """Returns a location as messages and results may show it: a URL without user, password and query."""
    if not is_url(location):
        return location
    scheme, rest = location.split("://", 1)
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.split('@')[-1]}{slash}{path.split('?')[0]}"


def file_system(url):
    """Returns the fsspec file system of a URL, and the path in it."""
    try:
        import fsspec
        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(f"{without_credentials(url)}: needs Python's fsspec and the package of its protocol ({error})") from None


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


# --- on the workers ----------------------------------------------------------------------------------------------------


def die_with_parent():
    """Lets the kernel kill this process when its worker dies, so that it holds no lock on a unit."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Worker:
    """Tracks one unit after the other with one process of onepass, in which the model stays loaded."""

    def __init__(self, command, saved, out):
        self.folder = tempfile.mkdtemp(prefix="onepass-worker-")
        self.remote_out = out if is_url(out) else ""
        self.out = os.path.join(self.folder, "out") if self.remote_out else out
        outputs = [word for kind in saved for word in (f"--save-{kind}", self.out + "/")]
        self.command = [*command, "--units", "-", "--skip-existing", "--manifest", self.out + "/", *outputs]
        self.process = self.log = None

    def ready(self):
        return os.uname().nodename

    def track(self, unit):
        """Returns the result of a unit, as onepass track --units - prints it."""
        try:
            with self.staged(unit) as local:
                self.fetch_finished(unit)
                result = self.ask(local)
                if result["state"] in ("finished", "skipped"):
                    result["manifest"] = self.deliver(result["manifest"])
                return result
        except Exception as error:  # a store that cannot be reached, a full disk: their errors have no common type
            final = isinstance(error, (FileNotFoundError, PermissionError))
            return {"state": "failed", "exit_code": 1 if final else 75,
                    "message": f"{without_credentials(unit['source'])}: {type(error).__name__}: {error}"}

    def ask(self, unit):
        if self.process is None or self.process.poll() is not None:
            if self.log:
                self.log.close()
            self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8", errors="replace")
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=self.log, text=True, preexec_fn=die_with_parent)
        try:
            self.process.stdin.write(json.dumps(unit) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else self.ended()

    def ended(self):
        """The result of a unit in which the process has ended."""
        code = self.process.wait()
        self.log.seek(0)
        words = [line for line in self.log.read().splitlines() if line]
        killed = code < 0
        message = f"onepass was killed by signal {-code}" if killed else (words or ["onepass has ended"])[-1]
        return {"state": "failed", "exit_code": 75 if killed else code, "message": message,
                "fatal": not killed and code not in TRY_AGAIN}

    @contextlib.contextmanager
    def staged(self, unit):
        """Copies a source of a URL to this machine for the time of its unit."""
        if not is_url(unit["source"]):
            yield unit
            return
        files, path = file_system(unit["source"])
        local = os.path.join(self.folder, "source", posixpath.basename(path))
        try:
            os.makedirs(os.path.dirname(local), exist_ok=True)
            files.get_file(path, local)
            yield {**unit, "source": local}
        finally:
            shutil.rmtree(os.path.dirname(local), ignore_errors=True)

    def fetch_finished(self, unit):
        """Copies the manifest and the outputs that a unit has at the URL, so that onepass can recognize them."""
        if not self.remote_out:
            return
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)
        files, folder = file_system(self.remote_out)
        name = unit["unit"] + ".manifest.json"
        if not files.exists(posixpath.join(folder, name)):
            return
        files.get_file(posixpath.join(folder, name), os.path.join(self.out, name))
        with open(os.path.join(self.out, name), encoding="utf-8") as manifest:
            outputs = [output["file"] for output in json.load(manifest)["outputs"]]
        for output in outputs:
            path = posixpath.join(folder, posixpath.basename(output))
            if posixpath.basename(output) == output and files.exists(path):
                files.get_file(path, os.path.join(self.out, output))

    def deliver(self, manifest):
        """Copies the outputs to the URL, the manifest as the last. Returns the place of the manifest."""
        if not self.remote_out:
            return manifest
        files, folder = file_system(self.remote_out)
        names = sorted(os.listdir(self.out), key=lambda name: name.endswith(".manifest.json"))
        for name in names:
            files.put_file(os.path.join(self.out, name), posixpath.join(folder, name))
        return posixpath.join(self.remote_out, os.path.basename(manifest))

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


# --- on the driver -----------------------------------------------------------------------------------------------------


class Progress:
    """Counts, and a line about once a second on a terminal, otherwise every half minute."""

    def __init__(self, count):
        self.count, self.ended, self.begin, self.shown = count, 0, time.monotonic(), 0.0

    def add(self, text=""):
        self.ended += 1
        if text:
            print(("\r\033[K" if sys.stderr.isatty() else "") + text, file=sys.stderr)
        now = time.monotonic()
        if now - self.shown < (1 if sys.stderr.isatty() else 30):
            return
        self.shown = now
        left_s = (now - self.begin) * (self.count - self.ended) / self.ended
        line = f"{self.ended} of {self.count} units, about {left_s / 60:.0f} min left"
        print(f"\r\033[K{line}" if sys.stderr.isatty() else line, end="" if sys.stderr.isatty() else "\n", file=sys.stderr,
              flush=True)


class Batch:
    """Gives units to workers, one at a time each, until every unit has ended."""

    def __init__(self, ray, options, units):
        self.ray, self.options = ray, options
        self.waiting = collections.deque(range(len(units)))
        self.results = [{**unit, "source": without_credentials(unit["source"]), "state": "waiting", "attempts": 0}
                        for unit in units]
        self.units = units
        self.calls = {}  # reference of a call: (worker, unit or None while it starts)
        self.progress = Progress(len(units))

    def start_worker(self):
        options = self.options
        actor = self.ray.remote(Worker).options(num_cpus=options.cpus, num_gpus=options.gpus, max_restarts=0)
        worker = actor.remote([options.onepass, "track", *options.track], options.save, options.out)
        # Units are given only to workers that run: one without resources may never start.
        self.calls[worker.ready.remote()] = (worker, None)

    def give(self, worker):
        if not self.waiting:
            return
        index = self.waiting.popleft()
        self.results[index]["attempts"] += 1
        self.calls[worker.track.remote(self.units[index])] = (worker, index)

    def run(self):
        for _ in range(min(self.options.workers, len(self.units))):
            self.start_worker()
        while any(index is not None for _, index in self.calls.values()) or self.waiting:
            done, _ = self.ray.wait(list(self.calls), num_returns=1)
            worker, index = self.calls.pop(done[0])
            try:
                answer = self.ray.get(done[0])
            except self.ray.exceptions.RayActorError:  # its node is lost, or its process was killed
                if index is not None:
                    self.end(index, {"state": "failed", "exit_code": 75, "message": "the worker was lost"})
                self.start_worker()
                continue
            if index is not None:
                self.end(index, answer)
            self.give(worker)

    def end(self, index, answer):
        result = self.results[index]
        result.update(answer, unit=self.units[index]["unit"])
        name = result["unit"] + (f", piece {result['piece']}" if "piece" in result else "")
        if result.pop("fatal", False):
            raise RuntimeError(result["message"])
        if result["exit_code"] in TRY_AGAIN and result["attempts"] <= self.options.retries:
            print(f"{name}: {result['message']}; tried again", file=sys.stderr)
            self.waiting.append(index)
            return
        failed = result["exit_code"] != 0
        self.progress.add(f"{name}: failed: {result['message']}" if failed else "")


def write_batch(batch, out):
    """Writes the merged manifest: the result of every unit, with its own manifest."""
    for result in batch.results:
        if result.get("exit_code") == 0 and result.get("manifest"):
            files, path = file_system(result["manifest"]) if is_url(out) else (None, result["manifest"])
            with (files.open(path, "rb") if files else open(path, "rb")) as manifest:
                result["manifest"] = json.load(manifest)
    counts = collections.Counter(result["state"] for result in batch.results)
    text = json.dumps({"format": "onepass batch", "version": 1, "counts": counts, "units": batch.results}, indent=1)
    if is_url(out):
        files, folder = file_system(out)
        files.pipe_file(posixpath.join(folder, "batch.json"), text.encode())
    else:
        part = pathlib.Path(out, "batch.json.part")
        part.write_text(text + "\n", encoding="utf-8")
        part.rename(pathlib.Path(out, "batch.json"))


def stitch(options, units):
    """Joins the pieces of every source; returns the number of sources that failed."""
    failed = 0
    for name in dict.fromkeys(unit["unit"] for unit in units):
        outputs = [word for kind in options.save
                   for word in (f"--save-{kind}", os.path.join(options.out, name + EXTENSIONS[kind]))]
        source = next(unit["source"] for unit in units if unit["unit"] == name)
        failed += subprocess.run([options.onepass, "stitch", os.path.join(options.out, name + ".pieces"), "--overwrite",
                                  "--source", source, "--manifest", options.out + "/", *outputs], check=False).returncode != 0
    return failed


def parsed(arguments):
    own, track = arguments, []
    if "--" in arguments:
        own, track = arguments[:arguments.index("--")], arguments[arguments.index("--") + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    parser.add_argument("--units", help="file of units, as onepass track --list-units prints them, instead of sources")
    parser.add_argument("--out", required=True, help="folder that all machines see, or fsspec URL")
    parser.add_argument("--save", default="mot", type=lambda text: text.split(","),
                        help="outputs: mot, jsonl, video, heatmap, separated by commas (default: mot)")
    parser.add_argument("--onepass", default="onepass", help="the program, on every machine (default: onepass)")
    parser.add_argument("--address", help="of the Ray cluster (default: that of the environment, or a new local one)")
    parser.add_argument("--workers", type=int, default=0, help="default: as many as fit the CPUs of the cluster")
    parser.add_argument("--cpus", type=float, default=1, help="CPUs of a worker, also its --detector.threads (default: 1)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs of a worker, such as 0.5 (default: 0)")
    parser.add_argument("--retries", type=int, default=3, help="more attempts for a unit (default: 3)")
    parser.add_argument("--split", default="", help="track sources in pieces of this length, such as 10min")
    parser.add_argument("--overlap", default="", help="of the pieces (default: 10s)")
    options = parser.parse_args(own)
    options.track = track
    for kind in options.save:
        if kind not in EXTENSIONS:
            parser.error(f"--save {kind}: not one of {', '.join(EXTENSIONS)}")
    return options


def with_absolute_paths(unit):
    """Workers run in folders of their own."""
    files = [key for key in ("source", "detections", "camera_motion_file") if unit.get(key) and not is_url(unit[key])]
    return {**unit, **{key: os.path.abspath(unit[key]) for key in files}}


def planned(options):
    if options.units:
        lines = pathlib.Path(options.units).read_text(encoding="utf-8").splitlines()
        units = [json.loads(line) for line in lines if line.strip()]
    else:
        units = units_of([source for argument in options.sources for source in sources_of(argument)])
    if not units:
        raise UsageError("there is nothing to track; give a SOURCE")
    if not is_url(options.out):
        options.out = os.path.abspath(options.out)
        os.makedirs(options.out, exist_ok=True)
    if options.split and (is_url(options.out) or any(is_url(unit["source"]) for unit in units)):
        raise UsageError("--split needs sources and an output folder that all machines see, not URLs")
    units = [with_absolute_paths(unit) for unit in units]
    return split(units, options) if options.split else units


def main(arguments):
    options = parsed(arguments)
    try:
        import ray
    except ImportError:
        raise UsageError("Ray is not installed for this Python: pip install 'ray[default]'") from None
    units = planned(options)
    if "--detector.threads" not in options.track and "--detections" not in options.track and "--model" in options.track:
        options.track += ["--detector.threads", str(max(1, int(options.cpus)))]
    ray.init(address=options.address, log_to_driver=False, logging_level="ERROR")
    options.workers = options.workers or max(1, int(ray.cluster_resources().get("CPU", 1) // max(options.cpus, 1e-9)))
    batch = Batch(ray, options, units)
    begin = time.monotonic()
    try:
        batch.run()
    finally:
        write_batch(batch, options.out)
        ray.shutdown()
    failed = [result for result in batch.results if result["exit_code"] != 0]
    not_stitched = stitch(options, units) if options.split and not failed else 0
    print(f"{len(units) - len(failed)} of {len(units)} units tracked in {time.monotonic() - begin:.1f} s; "
          f"see {posixpath.join(options.out, 'batch.json')}", file=sys.stderr)
    if failed or not_stitched:
        return 75 if failed and all(result["exit_code"] in TRY_AGAIN for result in failed) else 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UsageError as error:
        print(f"ray_track.py: {error}", file=sys.stderr)
        sys.exit(2)
    except (RuntimeError, ConnectionError) as error:
        print(f"ray_track.py: {str(error).splitlines()[0]}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("ray_track.py: interrupted; the same command continues with what is left", file=sys.stderr)
        sys.exit(130)
