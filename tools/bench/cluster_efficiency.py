#!/usr/bin/env python3
"""Measures how well ray_track.py uses several workers: one tracks all units, then two do, with one thread each, in turn.

Usage: cluster_efficiency.py ONEPASS VIDEO [--units 8] [--rounds 3] -- --model yolov8n.pt --imgsz 160

Prints for every round the time of both from the begin of the first unit to the end of the last one (with the loading of
the model, without the start of Ray), and the efficiency: time of one worker / (2 * time of two). Other programs that compete
for the cores blur it. Two figures depend less on them: the processor time of one unit, which grows if workers disturb each
other, and the share of the workers' time in which they tracked a unit. Needs Ray.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

PROGRAM = """#!/usr/bin/env python3
import os, subprocess, sys, time
process = subprocess.Popen([{onepass!r}, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
used = 0.0
for unit in sys.stdin.buffer:
    begin = time.time()
    process.stdin.write(unit)
    process.stdin.flush()
    answer = process.stdout.readline()
    with open(f"/proc/{{process.pid}}/stat", encoding="utf-8") as stat:  # after the name: state, ..., utime, stime
        now = sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
    with open(os.path.join({folder!r}, str(process.pid)), "a", encoding="utf-8") as file:
        file.write(f"{{begin}} {{time.time()}} {{now - used}}\\n")
    used = now
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()
process.stdin.close()
sys.exit(process.wait())
"""


def measure(options, workers):
    """Returns seconds from the first unit to the last, seconds of the processor per unit, and the busy share."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "times").mkdir()
        program = folder / "program"
        program.write_text(PROGRAM.format(onepass=str(options.onepass.resolve()), folder=str(folder / "times")))
        program.chmod(0o755)
        units = [json.dumps({"unit": f"u{i}", "source": str(options.video.resolve())}) for i in range(options.units)]
        (folder / "units").write_text("\n".join(units), encoding="utf-8")
        script = pathlib.Path(__file__).parents[1] / "cluster" / "ray_track.py"
        done = subprocess.run([sys.executable, script, "--units", folder / "units", "--out", folder / "out", "--workers",
                               str(workers), "--onepass", program, "--", *options.track],
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "RAY_worker_niceness": "0"})  # 15 would starve beside other programs
        if done.returncode != 0:
            sys.exit(done.stderr)
        moments = [tuple(map(float, line.split())) for path in (folder / "times").iterdir()
                   for line in path.read_text().splitlines()]  # of every unit: its begin, its end, its processor time
        begin, end = min(moment[0] for moment in moments), max(moment[1] for moment in moments)
        busy = sum(moment[1] - moment[0] for moment in moments) / (workers * (end - begin))
        return end - begin, sum(moment[2] for moment in moments) / options.units, busy


def main():
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("onepass", type=pathlib.Path)
    parser.add_argument("video", type=pathlib.Path)
    parser.add_argument("--units", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(words[:end])
    options.track = words[end + 1:]
    efficiencies, burdens, shares = [], [], []
    for number in range(1, options.rounds + 1):
        (one_s, one_cpu_s, one_busy), (two_s, two_cpu_s, two_busy) = measure(options, 1), measure(options, 2)
        efficiencies.append(one_s / (2 * two_s))
        burdens.append(two_cpu_s / one_cpu_s)
        shares.append(two_busy)
        print(f"round {number}: 1 worker {one_s:.1f} s, {one_cpu_s:.2f} s of the processor per unit, busy for "
              f"{100 * one_busy:.1f} %; 2 workers {two_s:.1f} s, {two_cpu_s:.2f} s, {100 * two_busy:.1f} %; efficiency "
              f"{100 * efficiencies[-1]:.0f} %", flush=True)
    print(f"medians: efficiency {100 * statistics.median(efficiencies):.0f} %; with 2 workers {statistics.median(burdens):.3f} "
          f"of the processor time per unit with 1, and busy for {100 * statistics.median(shares):.1f} %")


if __name__ == "__main__":
    main()
