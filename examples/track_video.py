"""Tracks a video and prints where every person is.

    python3 track_video.py street.mp4 yolov8n.pt [config.yaml]
"""
import sys

import onepass


def main(source: str, model: str, config: str | None = None) -> None:
    with onepass.track(source, model, config=config) as run:
        for result in run:
            tracks = result.tracks
            for number, name, box in zip(tracks.ids, tracks.class_names, tracks.xyxy):
                left, top, right, bottom = box
                print(f"{result.time:7.2f} s  {name} {number}: {left:.0f}, {top:.0f} to {right:.0f}, {bottom:.0f}")
    print(f"{run.identities} identities in {run.frames} frames")


if __name__ == "__main__":
    main(*sys.argv[1:])
