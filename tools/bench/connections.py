#!/usr/bin/python3
"""Opens thousands of connections to the page of a live run, each with half a request, and measures what that costs.

Usage: connections.py PROGRAM MODEL [--connections 10000] [--clients 100] [--seconds 20] [--fps 10]

The connections come from many addresses of the loopback interface; a real RTSP server is the camera. Prints the
descriptors, threads and memory of the program, its frame rate and latency before and during the attack, and how long
the page is unreachable afterwards. Exit code 1 if the program ever holds more than 300 descriptors or 150 threads,
tracks less than 90 % of the frames, or does not answer within 15 s after the end of the attack (a request may last
10 s).
"""
import argparse
import json
import pathlib
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from live_soak import Camera, process_numbers
from soak_surroundings import free_port


def health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
        return json.load(answer)["streams"][0]


def wait_for_page(port, longest_s):
    """Returns the health and the seconds until it came."""
    begin = time.monotonic()
    while True:
        try:
            return health(port), time.monotonic() - begin
        except OSError:
            if time.monotonic() - begin > longest_s:
                sys.exit(f"connections: the page does not answer within {longest_s} s")
            time.sleep(0.2)


class Attack:
    """Connections that are all opened at once; as soon as one is open, it sends half a request."""

    def __init__(self, port, options):
        self.sockets, self.opened, self.selector = [], 0, selectors.DefaultSelector()
        for number in range(options.connections):
            attacker = socket.socket()
            attacker.setblocking(False)
            attacker.bind((f"127.0.{1 + number % options.clients}.1", 0))
            attacker.connect_ex(("127.0.0.1", port))
            self.sockets.append(attacker)
            self.selector.register(attacker, selectors.EVENT_WRITE)

    def go_on(self):
        for key, _ in self.selector.select(0.05):
            self.selector.unregister(key.fileobj)
            self.opened += key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
            try:
                key.fileobj.send(b"GET /api/health HTTP/1.1\r\nHost: ")
            except OSError:
                pass  # turned away already

    def close(self):
        for attacker in self.sockets:
            attacker.close()


def measure(options, port, process):
    before, _ = wait_for_page(port, 60)
    time.sleep(10)
    before = health(port)
    print(f"before: {before['tracked_rate']:.1f} frames a second, numbers (MiB, descriptors, threads) "
          f"{process_numbers(process.pid)}")
    begin = time.monotonic()
    attack = Attack(port, options)
    worst = process_numbers(process.pid)
    while time.monotonic() - begin < options.seconds:
        attack.go_on()
        worst = [max(pair) for pair in zip(worst, process_numbers(process.pid))]
    attack.close()
    after, silent_s = wait_for_page(port, 60)
    read, tracked = (after[key] - before[key] for key in ("frames_read", "frames_tracked"))
    print(f"during: {attack.opened} of {len(attack.sockets)} connections opened; {tracked} of {read} frames tracked, "
          f"at most {worst}")
    print(f"after: the page answers after {silent_s:.1f} s; {process_numbers(process.pid)}")
    return worst[1] <= 300 and worst[2] <= 150 and tracked >= 0.9 * read and silent_s <= 15


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--fps", type=int, default=10)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(options.connections + 100, hard), hard))
    port, camera = free_port(), Camera("camera", options.fps)
    command = [options.program, "track", "--live", "--source", f"rtsp://127.0.0.1:{camera.port}/camera", "--model",
               options.model, "--imgsz", "128", "--serve", port]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    try:
        bounded = measure(options, port, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        camera.stop()
    print("bounded" if bounded else "NOT BOUNDED")
    sys.exit(0 if bounded else 1)


if __name__ == "__main__":
    main()
