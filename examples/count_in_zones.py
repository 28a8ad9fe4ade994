"""Counts who crosses lines and stays in areas (docs/counting.md describes zones.yaml).

    python3 count_in_zones.py street.mp4 yolov8n.pt zones.yaml
    python3 count_in_zones.py MOT17-02-FRCNN MOT17-02-FRCNN/det/det.txt zones.yaml     # given detections
"""
import sys

import onepass


def main(source: str, model: str, zones: str) -> None:
    if model.endswith(".txt"):
        run = onepass.track(source, detections=model)
    else:
        run = onepass.track(source, model)
    counter = onepass.ZoneCounter(zones, run.class_names)
    with run:
        for result in run:
            for event in counter.update(result):
                print(f"{event.time:7.2f} s  {event.zone}: {event.kind} {event.direction} by {event.id}")
    for event in counter.finish():
        print(f"    end  {event.zone}: {event.kind} by {event.id} after {event.duration_s:.1f} s")
    for name, counts in counter.counts().items():
        print(f"{name}: {counts.identities} crossed, {counts.entries} entries, {counts.exits} exits")


if __name__ == "__main__":
    main(*sys.argv[1:])
