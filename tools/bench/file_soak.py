#!/usr/bin/python3
"""Tracks one long sequence from a file of detections with all text outputs, and checks that memory stays constant.

Usage: file_soak.py PROGRAM [--frames 1000000] [--people 6] [--folder DIR]

People cross a picture of 640x480 again and again, each time as somebody new. Prints memory and the number of ids by
tenths of the frames. Exit code 1 if the last tenth needs over 3 % more memory than the second, or a frame is missing in
the outputs. The rows of the detections take memory themselves (they are read at the start), in all tenths.
"""
import argparse
import collections
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading


def write_sequence(folder, frames, people):
    (folder / "det").mkdir()
    (folder / "seqinfo.ini").write_text(f"[Sequence]\nname=people\nimDir=img1\nframeRate=25\nseqLength={frames}\n"
                                        "imWidth=640\nimHeight=480\nimExt=.jpg\n")
    with open(folder / "det/det.txt", "w") as file:
        for frame in range(1, frames + 1):
            for person in range(people):
                step = (2 * frame + 900 * person // people) % 900  # out of the picture for 130 frames
                if step < 640:
                    file.write(f"{frame},-1,{step},{20 + 60 * person},30,60,0.9,-1,-1,-1\n")


def own_mib(pid):
    """Memory without the pages of libraries and other files, which the system drops and loads as it likes."""
    found = re.search(r"^RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found.group(1)) / 1024 if found else 0


class Lines(threading.Thread):
    """Counts the lines of a pipe, and samples the memory of the process that writes it."""

    def __init__(self, process, frames):
        super().__init__(daemon=True)
        self.process, self.frames, self.count = process, frames, 0
        self.samples = collections.defaultdict(list)
        self.start()

    def run(self):
        for _ in self.process.stdout:
            if self.count % 1000 == 0:
                self.samples[min(9, 10 * self.count // self.frames)].append(own_mib(self.process.pid))
            self.count += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--folder", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="file_soak_"))
    folder.mkdir(parents=True, exist_ok=True)
    write_sequence(folder, options.frames, options.people)
    command = [options.program, "track", "--source", folder, "--detections", folder / "det/det.txt", "--save-jsonl", "-",
               "--save-mot", os.devnull, "--events", folder / "events.jsonl"]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    lines = Lines(process, options.frames)
    code = process.wait()
    lines.join()
    tenths = [statistics.median(lines.samples[tenth]) for tenth in range(10)] if len(lines.samples) == 10 else []
    for number, memory in enumerate(tenths):
        print(f"tenth {number + 1:2}: {memory:.1f} MiB")
    well = code == 0 and lines.count == options.frames and bool(tenths) and tenths[-1] <= 1.03 * tenths[1]
    print(f"{lines.count} of {options.frames} frames,", "flat" if well else "NOT FLAT", f"(folder {folder})")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
