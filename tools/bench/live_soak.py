#!/usr/bin/python3
"""Tracks several cameras for a long time under injected faults, and checks that memory, threads and file descriptors
stay constant.

Usage: live_soak.py PROGRAM MODEL [--minutes 60] [--cameras 3] [--fps 5] [--folder DIR] [--everything]
                    [-- OPTIONS FOR THE PROGRAM]

Real RTSP servers (tests/support/rtsp_server.py) act as cameras. "steady" has no faults; each of the others has one
about every 30 s, drawn from a fixed seed: it is killed and restarted after 0 to 10 s, frozen by SIGSTOP, or restarted
with another resolution. --everything turns on all outputs and services: video in segments, events with pictures, the
page with viewers that come and go, MQTT to a mosquitto that is restarted, zones, counts, heat maps and a shared memory.
The program runs on its own terminal, so that its status line can be read. Writes samples.csv
and prints a table of the run in ten parts. Exit code 1 if the last tenth needs over 3 % more memory than the second or
over 2 more file descriptors or threads, or if a frame was neither tracked nor counted as dropped.
"""
import argparse
import csv
import fcntl
import os
import pathlib
import pty
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

from soak_surroundings import Surroundings

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZES = [(320, 240), (640, 360), (256, 256)]


class Camera:
    """An RTSP server that keeps its port across restarts."""

    def __init__(self, name, fps):
        self.name, self.fps, self.port, self.size = name, fps, 0, SIZES[0]
        self.frozen_until = self.down_until = None
        self.start()

    def start(self):
        width, height = self.size
        command = [ROOT / "tests/support/rtsp_server.py", "--port", self.port, "--width", width, "--height", height,
                   "--fps", self.fps]
        self.process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        answer = self.process.stdout.readline().split()
        if answer[:1] != ["ready"]:
            raise RuntimeError(f"{self.name}: the RTSP server does not start")
        self.port = int(answer[1])

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def harm(self, chance, now):
        kind = chance.choice(["kill", "freeze", "resize"])
        if kind == "freeze":
            self.process.send_signal(signal.SIGSTOP)
            self.frozen_until = now + chance.uniform(1, 15)
        else:
            self.stop()
            self.down_until = now + chance.uniform(0, 10)
            if kind == "resize":
                self.size = chance.choice(SIZES)
        return kind

    def recover(self, now):
        if self.frozen_until and now >= self.frozen_until:
            self.process.send_signal(signal.SIGCONT)
            self.frozen_until = None
        if self.down_until and now >= self.down_until:
            self.start()
            self.down_until = None

    @property
    def well(self):
        return not self.frozen_until and not self.down_until


def process_numbers(pid):
    """Memory in MiB, file descriptors and threads; None once the process has ended.

    Pages of libraries and other files do not count: the system drops and loads them as it likes.
    """
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    memory = re.search(r"^RssAnon:\s+(\d+)", status, re.M)
    if not memory:
        return None
    threads = int(re.search(r"^Threads:\s+(\d+)", status, re.M).group(1))
    return int(memory.group(1)) / 1024, len(os.listdir(f"/proc/{pid}/fd")), threads


class Screen(threading.Thread):
    """Reads the program's terminal output: the status line into `latency`, messages into `lines`."""

    def __init__(self, terminal):
        super().__init__(daemon=True)
        self.terminal, self.latency, self.lines = terminal, {}, []
        self.start()

    def run(self):
        rest = ""
        while True:
            try:
                rest += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                return
            parts = re.split(r"\r\x1b\[K|\r?\n", rest)
            rest = parts.pop()
            for part in parts + [rest]:
                found = re.findall(r"(\S+): [\d.]+ of [\d.]+ fps, (\d+) ms", part)
                self.latency.update({name: int(value) for name, value in found})
            self.lines += [part for part in parts if part.startswith("onepass: ") or "tracked" in part]


def follow(options, folder, cameras, screen, process):
    chance = random.Random(1)
    begin = time.monotonic()
    next_fault = {camera.name: begin + chance.uniform(20, 40) for camera in cameras[1:]}
    faults = {"kill": 0, "freeze": 0, "resize": 0}
    samples = []
    with open(folder / "samples.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["seconds", "own_mib", "descriptors", "threads"] + [c.name + "_p95_ms" for c in cameras])
        while time.monotonic() - begin < 60 * options.minutes and process.poll() is None:
            now = time.monotonic()
            for camera in cameras[1:]:
                camera.recover(now)
                if camera.well and now >= next_fault[camera.name]:
                    faults[camera.harm(chance, now)] += 1
                    next_fault[camera.name] = now + chance.uniform(20, 40)
            numbers = process_numbers(process.pid)
            if not numbers:
                break
            sample = [now - begin, *numbers] + [screen.latency.get(c.name, "") for c in cameras]
            samples.append(sample)
            table.writerow(sample)
            file.flush()
            time.sleep(2)
    return samples, faults


def tenths(samples, cameras):
    print("tenth   own MiB  descriptors  threads  p95 ms: " + "  ".join(camera.name for camera in cameras))
    rows = []
    for tenth in range(10):
        part = samples[len(samples) * tenth // 10: len(samples) * (tenth + 1) // 10]
        middle = lambda i: statistics.median([s[i] for s in part if s[i] != ""] or [0])  # noqa: E731
        rows.append([middle(1), max(s[2] for s in part), max(s[3] for s in part)]
                    + [middle(4 + i) for i in range(len(cameras))])
        print(f"{tenth + 1:5}  {rows[-1][0]:8.1f}  {rows[-1][1]:11}  {rows[-1][2]:7}  "
              + "  ".join(f"{value:6.0f}" for value in rows[-1][3:]))
    return rows


def counts_agree(screen, folder):
    """Whether every frame read was tracked or dropped, and every tracked one was written."""
    well = True
    for line in screen.lines:
        match = re.match(r"(\S+): (\d+) of (\d+) frames tracked in .* (\d+) dropped", line)
        if not match:
            continue
        name, tracked, read, dropped = match.group(1), *map(int, match.groups()[1:])
        written = sum(len(file.read_text().splitlines()) for file in folder.glob(f"{name}*.jsonl"))
        print(f"{line}\n  {read - tracked - dropped} not counted, {written} lines written")
        well &= read == tracked + dropped and written == tracked
    return well


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("model")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--cameras", type=int, default=3)
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--everything", action="store_true", help="turn on all outputs and services")
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    options, more = parser.parse_args(words[:end]), words[end + 1 :]
    folder = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="live_soak_"))
    folder.mkdir(parents=True, exist_ok=True)
    names = ["steady"] + [f"shaky{number}" for number in range(1, options.cameras)]
    cameras = [Camera(name, options.fps) for name in names]
    entries = "".join(f"  - {{name: {c.name}, url: 'rtsp://user:password@127.0.0.1:{c.port}/camera'}}\n" for c in cameras)
    (folder / "cameras.yaml").write_text("cameras:\n" + entries)
    screen_end, program_end = pty.openpty()
    fcntl.ioctl(program_end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 1000, 0, 0))
    command = [options.program, "track", "--sources", folder / "cameras.yaml", "--model", options.model, "--imgsz", "128",
               "--max-det", "20", "--open-timeout", "5", "--read-timeout", "2", "--save-jsonl", f"{folder}/", "--overwrite"] + more
    surroundings = Surroundings(folder, options.cameras, random.Random(2)) if options.everything else None
    if surroundings:
        command += surroundings.options()
        surroundings.start()
    process = subprocess.Popen([str(part) for part in command], stderr=program_end)
    os.close(program_end)
    screen = Screen(screen_end)
    try:
        samples, faults = follow(options, folder, cameras, screen, process)
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        code = process.wait(30)
        print(f"faults: {faults}; ended with code {code}, {time.monotonic() - asked:.2f} s after Ctrl-C")
        screen.join(5)
        if surroundings:
            print(f"surroundings: {surroundings.counts}")
    finally:
        if surroundings:
            surroundings.stop()
        if process.poll() is None:
            process.kill()
        for camera in cameras:
            if not camera.down_until:
                camera.stop()
    (folder / "messages.txt").write_text("\n".join(screen.lines) + "\n")
    if len(samples) < 10:
        print(f"the program ended after {len(samples)} samples; its last messages:", *screen.lines[-5:], sep="\n")
        sys.exit(1)
    rows = tenths(samples, cameras)
    early, late = rows[1], rows[-1]
    well = counts_agree(screen, folder) and code == 130
    well &= late[0] <= 1.03 * early[0] and late[1] <= early[1] + 2 and late[2] <= early[2] + 2
    print("flat" if well else "NOT FLAT", f"(folder {folder})")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
