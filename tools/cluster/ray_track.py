#!/usr/bin/env python3
"""Tracks many videos on a Ray cluster: every video once, retried where another attempt may succeed.

Usage: ray_track.py SOURCE ... --out OUT [options] -- [options of onepass track]

  ray_track.py videos/ --out results/ --save mot,jsonl -- --model yolov8n.pt --classes person
  ray_track.py s3://bucket/monday/ --out s3://bucket/tracks/ --workers 16 --cpus 4 -- --model /models/yolov8n.pt
  ray_track.py day.mp4 --out results/ --split 10min -- --model yolov8n.pt         # in pieces, then stitched

A SOURCE is a video, an image folder or a MOTChallenge sequence, a folder of these, a text file (.txt) that lists them,
or an fsspec URL of a file or a prefix (s3://, gs://, file://, ...); those are copied to the worker, and deleted there.
OUT is a folder that all machines see, or a URL. Finished units are recognized by their manifests, so that the same
command continues a batch that was stopped. OUT/batch.json lists all units with their results, or why they failed.

Every worker is a Ray actor with one process "onepass track --units -", whose model is loaded once. Exit codes decide on
retries: 75, 130 and a killed process are tried again (--retries), and so is every unit whose node is lost; all other
failures are final. See docs/batches.md.
"""
import argparse
import json
import os
import pathlib
import posixpath
import subprocess
import sys
import time

from track_batch import Batch, write_batch
from track_locations import UsageError, is_url
from track_units import sources_of, split, units_of, with_absolute_paths
from track_worker import FLAGS, TRY_AGAIN, outputs_in

# What onepass track says of outputs to onepass stitch.
OF_OUTPUTS = ("--format", "--crops", "--zones", "--ground", "--counts-interval", "--event-interval")


def of_outputs(track):
    """The options of onepass track that concern outputs; each has a value."""
    return [word for i, word in enumerate(track)
            if word.split("=")[0] in OF_OUTPUTS or (i > 0 and track[i - 1] in OF_OUTPUTS)]


def stitch(options, units):
    """Joins the pieces of every source; returns the number of sources that failed."""
    failed = 0
    for name in dict.fromkeys(unit["unit"] for unit in units):
        outputs = outputs_in(options.out, options.save) + of_outputs(options.track)
        source = next(unit["source"] for unit in units if unit["unit"] == name)
        pieces = os.path.join(options.out, name + ".pieces")
        done = subprocess.run([options.onepass, "stitch", pieces, "--overwrite", "--source", source, "--manifest",
                               options.out + "/", *outputs], check=False)
        failed += done.returncode != 0
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
                        help="outputs, separated by commas: " + ", ".join(FLAGS) + " (default: mot); options such as "
                        "--format and --zones are those of onepass track")
    parser.add_argument("--onepass", default="onepass", help="the program, on every machine (default: onepass)")
    parser.add_argument("--address", help="of the Ray cluster (default: that of the environment, or a new local one)")
    parser.add_argument("--workers", type=int, default=0, help="default: as many as fit the CPUs of the cluster")
    parser.add_argument("--cpus", type=float, default=1,
                        help="CPUs of a worker, also its --detector.threads (default: 1)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs of a worker, such as 0.5 (default: 0)")
    parser.add_argument("--retries", type=int, default=3, help="more attempts for a unit (default: 3)")
    parser.add_argument("--split", default="", help="track sources in pieces of this length, such as 10min")
    parser.add_argument("--overlap", default="", help="of the pieces (default: 30s)")
    options = parser.parse_args(own)
    options.track = track
    for kind in options.save:
        if kind not in FLAGS:
            parser.error(f"--save {kind}: not one of {', '.join(FLAGS)}")
    return options


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
