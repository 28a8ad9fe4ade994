#!/usr/bin/env python3
"""Reads files that onepass has written with the packages of other programs, and prints their boxes as JSON.

usage: read_annotations.py {coco|yolo|csv|mots} FILE...

coco needs pycocotools, yolo supervision, csv pandas and pyarrow, mots pycocotools. Prints
[[frame from 1, id, class name or number, left, top, width, height], ...] in the order of the file, with the area of the
mask at the end if there are masks; yolo has [left, top, right, bottom, class number] only.
"""
import contextlib
import io
import json
import os
import sys
import tempfile


def coco(path):
    from pycocotools.coco import COCO

    with contextlib.redirect_stdout(io.StringIO()):
        file = COCO(path)
    rows = []
    for annotation in file.dataset["annotations"]:
        image = file.loadImgs(annotation["image_id"])[0]
        name = file.loadCats(annotation["category_id"])[0]["name"]
        row = [image["frame_index"] + 1, annotation["track_id"], name, *annotation["bbox"]]
        if "segmentation" in annotation:
            row.append(int(file.annToMask(annotation).sum()))
        rows.append(row)
    return rows


def yolo(folder, width, height):
    """supervision reads a data set: images with label files of the same names, and a data.yaml."""
    import cv2
    import numpy as np
    import supervision as sv

    rows = []
    with tempfile.TemporaryDirectory() as images:
        labels = sorted(name for name in os.listdir(folder) if name != "classes.txt")
        for name in labels:
            picture = np.zeros((int(height), int(width), 3), np.uint8)
            cv2.imwrite(os.path.join(images, name.replace(".txt", ".png")), picture)
        names = [line.strip() for line in open(os.path.join(folder, "classes.txt"), encoding="utf-8")]
        data = os.path.join(images, "data.yaml")
        with open(data, "w", encoding="utf-8") as file:
            json.dump({"names": names, "nc": len(names)}, file)
        five = os.path.join(images, "labels")
        os.mkdir(five)
        for name in labels:  # supervision takes more than five columns for a polygon
            with open(os.path.join(folder, name), encoding="utf-8") as source:
                lines = [" ".join(line.split()[:5]) for line in source]
            with open(os.path.join(five, name), "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
        dataset = sv.DetectionDataset.from_yolo(images, five, data)
        found = {os.path.basename(path): detections for path, _, detections in dataset}
        for name in labels:
            detections = found[name.replace(".txt", ".png")]
            frame = int(name.rsplit("_", 1)[1].split(".")[0])
            for box, number in zip(detections.xyxy.tolist(), detections.class_id.tolist()):
                rows.append([frame, *box, number])
    return sorted(rows)


def csv(path):
    """The table goes through Parquet, as the documentation says."""
    import pandas

    with tempfile.TemporaryDirectory() as folder:
        parquet = os.path.join(folder, "tracks.parquet")
        pandas.read_csv(path).to_parquet(parquet)
        table = pandas.read_parquet(parquet)
    columns = ["frame", "id", "class_name", "left", "top", "width", "height"]
    return [[value.item() if hasattr(value, "item") else value for value in row] for row in table[columns].values]


def mots(path):
    from pycocotools import mask

    rows = []
    for line in open(path, encoding="utf-8"):
        frame, number, label, height, width, text = line.split()
        encoded = {"size": [int(height), int(width)], "counts": text.encode()}
        rows.append([int(frame), int(number), int(label), *mask.toBbox(encoded).tolist(), int(mask.area(encoded))])
    return rows


READERS = {"coco": coco, "yolo": yolo, "csv": csv, "mots": mots}

if __name__ == "__main__":
    json.dump(READERS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
