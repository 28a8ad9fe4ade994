#!/usr/bin/python3
"""Opens thousands of connections to the page of a run, each with half a request, and measures what that costs.

Usage: connections.py PROGRAM [--connections 10000] [--clients 50] [--seconds 20]

The connections come from many addresses of the loopback interface. Prints the descriptors, threads and memory of the
program and its tracking speed before, during and after the attack, and how long the page is unreachable afterwards.
Exit code 1 if the program holds more than 300 descriptors or 100 threads, tracks with less than half of its speed, or
does not answer within 15 s after the end of the attack (a request may last 10 s). Needs `ulimit -n` above the number.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

FRAMES = 2_000_000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_sequence(folder):
    """Three people who stand still; there are no pictures."""
    (folder / "det").mkdir()
    (folder / "seqinfo.ini").write_text("[Sequence]\nname=people\nimDir=img1\nframeRate=30\nseqLength=%d\nimWidth=640\n"
                                        "imHeight=480\nimExt=.jpg\n" % FRAMES)
    with open(folder / "det/det.txt", "w") as file:
        for frame in range(1, FRAMES + 1):
            file.write("".join(f"{frame},-1,{100 * x},100,50,120,0.9,-1,-1,-1\n" for x in (1, 2, 3)))


def health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
        return json.load(answer)["streams"][0]["frames_tracked"]


def numbers_of(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    numbers = {key: int(re.search(rf"^{key}:\s+(\d+)", status, re.M).group(1)) for key in ("VmRSS", "Threads")}
    return {"descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": numbers["Threads"],
            "MiB": numbers["VmRSS"] / 1024}


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Attack:
    def __init__(self, port, clients):
        self.port, self.clients, self.sockets, self.opened, self.refused = port, clients, [], 0, 0

    def open_one(self):
        attacker = socket.socket()
        attacker.settimeout(5)
        number = self.opened % self.clients
        attacker.bind((f"127.0.{1 + number // 250}.{2 + number % 250}", 0))
        try:
            attacker.connect(("127.0.0.1", self.port))
            attacker.send(b"GET /api/health HTTP/1.1\r\nHost: ")
            self.sockets.append(attacker)
            self.opened += 1
        except OSError:
            attacker.close()
            self.refused += 1

    def close(self):
        for attacker in self.sockets:
            attacker.close()


def run(options, folder):
    port = free_port()
    command = [options.program, "track", "--source", folder, "--detections", folder / "det/det.txt", "--serve", port]
    process = subprocess.Popen([str(part) for part in command], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                health(port)
                break
            except OSError:
                if time.monotonic() > deadline:
                    sys.exit("connections: the page does not answer")
                time.sleep(0.2)
        return measure(options, port, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def measure(options, port, process):
    def rate(seconds, meanwhile=lambda: time.sleep(0.05)):
        begin, tracked = time.monotonic(), health(port)
        used = processor_seconds(process.pid)
        while time.monotonic() - begin < seconds:
            meanwhile()
        return begin, tracked, used

    begin, tracked, _ = rate(5)
    before = (health(port) - tracked) / (time.monotonic() - begin)
    print(f"before: {before:.0f} frames a second, {numbers_of(process.pid)}")

    attack = Attack(port, options.clients)
    tracked, begin, used = health(port), time.monotonic(), processor_seconds(process.pid)
    while attack.opened + attack.refused < options.connections:
        attack.open_one()
    opening_s = time.monotonic() - begin
    worst = numbers_of(process.pid)
    while time.monotonic() - begin < options.seconds:
        time.sleep(0.2)
        now = numbers_of(process.pid)
        worst = {key: max(worst[key], now[key]) for key in worst}
    attack.close()
    end = time.monotonic()
    while True:
        try:
            later = health(port)
            break
        except OSError:
            if time.monotonic() - end > 60:
                sys.exit("connections: the page does not answer any more")
            time.sleep(0.2)
    answered_s = time.monotonic() - end
    during = (later - tracked) / (time.monotonic() - begin)
    load = (processor_seconds(process.pid) - used) / (time.monotonic() - begin)
    print(f"during: {attack.opened} connections in {opening_s:.1f} s, {attack.refused} refused by the system; "
          f"{during:.0f} frames a second at {load:.2f} cores, at most {worst}")
    print(f"after: the page answers after {answered_s:.1f} s, {numbers_of(process.pid)}")
    return worst["descriptors"] <= 300 and worst["threads"] <= 100 and during >= before / 2 and answered_s <= 15


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    needed = options.connections + 100
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(needed, hard) if hard != resource.RLIM_INFINITY else needed, hard))
    with tempfile.TemporaryDirectory(prefix="connections_") as folder:
        write_sequence(pathlib.Path(folder))
        bounded = run(options, pathlib.Path(folder))
    print("bounded" if bounded else "NOT BOUNDED")
    sys.exit(0 if bounded else 1)


if __name__ == "__main__":
    main()
