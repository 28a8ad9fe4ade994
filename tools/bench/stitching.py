#!/usr/bin/env python3
"""Measures what tracking in pieces costs, on sequences with recorded detections.

Usage: stitching.py ONEPASS DATA BENCHMARK [--overlaps 5,10,20,30] [--lengths 11,15,20,25,33,40] [--leads 0,2,5,10,20,30]
                    [--] [options of onepass track]

DATA holds SEQ/gt/gt.txt, SEQ/det/det.txt and SEQ/seqinfo.ini, and SEQ/gmc.txt where the camera moves. Prints

1. what a tracker that begins late does differently: for every sequence and every 5 s of it, the scores from there on of a
   tracker that began so many seconds before (--leads), minus those of the tracker of the whole sequence;
2. the scores of all sequences in pieces, stitched, minus those of whole sequences, for every length and overlap, and the
   sequence that differs most.
"""
import argparse
import csv
import io
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile


def rows(path, first, last=10**9):
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    return "".join(line + "\n" for line in lines if first <= int(float(line.split(",", 1)[0])) <= last)


class Sequence:
    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        text = (folder / "seqinfo.ini").read_text()
        self.rate, self.frames = (float(re.search(rf"{key}=(\S+)", text)[1]) for key in ("frameRate", "seqLength"))
        self.seconds = self.frames / self.rate

    def unit(self, name, detections):
        unit = {"unit": name, "source": str(self.folder), "detections": str(detections)}
        motion = self.folder / "gmc.txt"
        return {**unit, "camera_motion_file": str(motion)} if motion.exists() else unit


class Measurement:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.sequences = [Sequence(path.parents[1]) for path in sorted(options.data.resolve().glob("*/det/det.txt"))]

    def onepass(self, *words):
        return subprocess.run([self.options.onepass, *map(str, words)], check=True, text=True, capture_output=True).stdout

    def track(self, units, out, *more):
        (self.folder / "units.jsonl").write_text("".join(json.dumps(unit) + "\n" for unit in units))
        self.onepass("track", "--units", self.folder / "units.jsonl", "--save-mot", f"{out}/", *more, *self.options.track)

    def scores(self, truth, results):
        text = self.onepass("eval", "--gt", truth, "--results", results, "--benchmark", self.options.benchmark, "--csv", "-")
        return {row["sequence"]: row for row in csv.DictReader(io.StringIO(text))}

    def leads(self):
        truth, units = self.folder / "truth", []
        for sequence in self.sequences:
            for begin_s in range(5, int(sequence.seconds) - 4, 5):
                name, first = f"{sequence.name}@{begin_s}", int(begin_s * sequence.rate) + 1
                (truth / name / "gt").mkdir(parents=True)
                shutil.copy(sequence.folder / "seqinfo.ini", truth / name)
                (truth / name / "gt/gt.txt").write_text(rows(sequence.folder / "gt/gt.txt", first))
                for lead in [*self.options.leads, "all"]:
                    if lead != "all" and lead >= begin_s:
                        continue
                    start = 1 if lead == "all" else first - int(lead * sequence.rate)
                    detections = self.folder / "in" / f"{name}+{lead}.txt"
                    detections.parent.mkdir(exist_ok=True)
                    detections.write_text(rows(sequence.folder / "det/det.txt", start))
                    units.append((name, lead, first, sequence.unit(detections.stem, detections)))
        self.track([unit for *_, unit in units], self.folder / "late")
        by_lead = {lead: self.folder / "results" / str(lead) for lead in [*self.options.leads, "all"]}
        for name, lead, first, unit in units:
            by_lead[lead].mkdir(parents=True, exist_ok=True)
            (by_lead[lead] / f"{name}.txt").write_text(rows(self.folder / "late" / f"{unit['unit']}.txt", first))
        return {lead: self.late(truth, folder) for lead, folder in by_lead.items() if folder.exists()}

    def late(self, truth, folder):
        """The scores of each sequence that has a result in the folder."""
        chosen = self.folder / f"truth-{folder.name}"
        chosen.mkdir()
        for path in folder.iterdir():
            (chosen / path.stem).symlink_to(truth / path.stem)
        scores = self.scores(chosen, folder)
        return {name: row for name, row in scores.items() if name != "COMBINED"}

    def pieces(self):
        units = [sequence.unit(sequence.name, sequence.folder / "det/det.txt") for sequence in self.sequences]
        seconds = {sequence.name: sequence.seconds for sequence in self.sequences}
        self.track(units, self.folder / "whole")
        whole = self.scores(self.options.data, self.folder / "whole")
        print("| pieces, overlap | set: HOTA | IDF1 | switches | cut | beyond .3 HOTA | most |\n|---|---|---|---|---|---|---|")
        for overlap in self.options.overlaps:
            for length in self.options.lengths:
                cut = [name for name, duration in seconds.items() if duration > length + overlap]
                if length <= overlap or not cut:
                    continue
                out = self.folder / f"{length}-{overlap}"
                self.track(units, out, "--split", f"{length}s", "--overlap", f"{overlap}s")
                stitched = self.scores(self.options.data, out)
                lost = {name: {key: float(row[key]) - float(whole[name][key]) for key in ("HOTA", "IDF1", "IDSW", "IDs")}
                        for name, row in stitched.items()}
                worst = max(cut, key=lambda name: abs(lost[name]["HOTA"]))
                every, most = lost["COMBINED"], lost[worst]
                print(f"| {length:g} s, {overlap:g} s | {100 * every['HOTA']:+.3f} | {100 * every['IDF1']:+.3f} | "
                      f"{every['IDSW']:+.0f} | {len(cut)} | {sum(abs(lost[name]['HOTA']) > .003 for name in cut)} | {worst}: "
                      f"{100 * most['HOTA']:+.2f} HOTA, {most['IDSW']:+.0f} switches, {most['IDs']:+.0f} ids |", flush=True)


def main():
    numbers = lambda text: [float(word) for word in text.split(",")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("onepass")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("benchmark")
    parser.add_argument("--overlaps", type=numbers, default="5,10,20,30")
    parser.add_argument("--lengths", type=numbers, default="11,15,20,25,33,40")
    parser.add_argument("--leads", type=numbers, default="0,2,5,10,20,30")
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    options.track = words[end + 1:]
    with tempfile.TemporaryDirectory() as folder:
        measurement = Measurement(options, pathlib.Path(folder))
        scores = measurement.leads()
        print("| begins before | cases | HOTA: mean | mean of absolute | most | equal within .05 |\n|---|---|---|---|---|---|")
        for lead in options.leads:
            late = [100 * (float(row["HOTA"]) - float(scores["all"][name]["HOTA"])) for name, row in scores.get(lead, {}).items()]
            if late:
                print(f"| {lead:g} s | {len(late)} | {statistics.mean(late):+.3f} | {statistics.mean(map(abs, late)):.3f} | "
                      f"{max(late, key=abs):+.2f} | {sum(abs(each) < .05 for each in late)} |")
        measurement.pieces()


if __name__ == "__main__":
    main()
