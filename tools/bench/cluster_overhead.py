#!/usr/bin/env python3
"""Measures what ray_track.py costs per video: many units, and a program that answers at once, or after a time, instead
of tracking. The efficiency of two workers is the time of one worker over twice their time, without the start of Ray.

Usage: cluster_overhead.py [UNITS] [SECONDS]     (default: 10000 units of 0 seconds; needs Ray)
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

PROGRAM = """#!/usr/bin/env python3
import json, sys, time
for line in sys.stdin:
    time.sleep(SECONDS)
    unit = json.loads(line)["unit"]
    print(json.dumps({"unit": unit, "state": "finished", "exit_code": 0, "message": "", "manifest": ""}), flush=True)
"""


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    script = pathlib.Path(__file__).parents[1] / "cluster" / "ray_track.py"
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder, "program")
        program.write_text(PROGRAM.replace("SECONDS", str(seconds)), encoding="utf-8")
        program.chmod(0o755)
        units = pathlib.Path(folder, "units")
        units.write_text("".join(json.dumps({"unit": f"u{i}", "source": f"{i}.mp4"}) + "\n" for i in range(count)),
                         encoding="utf-8")
        tracked = {}
        for workers in (1, 2):
            begin = time.monotonic()
            command = [sys.executable, script, "--units", units, "--out", f"{folder}/{workers}",
                       "--workers", str(workers), "--onepass", program]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            total = time.monotonic() - begin
            tracked[workers] = float(re.search(r"tracked in ([\d.]+) s", done.stderr).group(1))
            unit_ms = 1000 * (total * workers - count * seconds) / count
            print(f"{workers} workers: {done.stderr.strip().splitlines()[-1].split(';')[0]}; with the start of Ray "
                  f"{total:.1f} s, {unit_ms:.2f} ms of a worker per unit", flush=True)
        print(f"efficiency of 2 workers: {100 * tracked[1] / (2 * tracked[2]):.0f} %")


if __name__ == "__main__":
    main()
