"""Tracks given detections of a MOTChallenge sequence and scores the tracks, for several trackers.

    python3 evaluate.py MOT17-02-FRCNN bytetrack sort
"""
import pathlib
import sys

import numpy as np

import onepass


def main(sequence: str, *configurations: str) -> None:
    folder = pathlib.Path(sequence)
    for configuration in configurations or ("default",):
        config = None if configuration == "default" else configuration
        run = onepass.track(folder, detections=folder / "det" / "det.txt", config=config)
        rows = [onepass.mot_rows(result.index, result.tracks.records) for result in run]
        scores = onepass.evaluate(folder / "gt" / "gt.txt", np.vstack(rows), benchmark="MOT17")
        print(f"{configuration}: HOTA {scores['HOTA']['HOTA']:.3f}, IDF1 {scores['Identity']['IDF1']:.3f}, "
              f"MOTA {scores['CLEAR']['MOTA']:.3f}, {scores['CLEAR']['IDSW']:.0f} switches")


if __name__ == "__main__":
    main(*sys.argv[1:])
