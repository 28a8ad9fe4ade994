"""Draws tracks with the annotators of supervision, and writes a table of them (pip install supervision pandas).

    python3 annotate_with_supervision.py street.mp4 yolov8n.pt annotated.mp4 tracks.csv
"""
import itertools
import sys

import pandas
import supervision

import onepass


def main(source: str, model: str, video: str, table: str) -> None:
    boxes, trails, labels = supervision.BoxAnnotator(), supervision.TraceAnnotator(), supervision.LabelAnnotator()
    tables = []
    with onepass.track(source, model) as run:
        first = next(run)
        information = supervision.VideoInfo(*first.size, fps=round(run.frame_rate))
        with supervision.VideoSink(video, information) as sink:
            for result in itertools.chain([first], run):
                detections = result.to_supervision()
                tracks = result.tracks
                texts = [f"{name} {number}" for name, number in zip(tracks.class_names, tracks.ids)]
                picture = boxes.annotate(result.frame.copy(), detections)
                picture = trails.annotate(picture, detections)
                sink.write_frame(labels.annotate(picture, detections, texts))
                tables.append(result.to_pandas())
    pandas.concat(tables).to_csv(table, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
