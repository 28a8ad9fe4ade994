"""What the tests of the Python package share.

They need the environment variables ONEPASS_PROGRAM (the program), ONEPASS_SOURCE (the repository), ONEPASS_CROSSING (what
write_crossing wrote), and the package in PYTHONPATH or installed.
"""
import importlib.util
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import numpy as np

import onepass

PROGRAM = os.environ["ONEPASS_PROGRAM"]
SOURCE = pathlib.Path(os.environ["ONEPASS_SOURCE"])
CROSSING = pathlib.Path(os.environ["ONEPASS_CROSSING"])
TINY_MODEL = SOURCE / "tests" / "data" / "tiny_v8.pt"
# Thresholds at which the random weights of the tiny model detect something.
EAGER = {"detector.conf": 0.001, "detector.iou": 0.3, "detector.imgsz": 160, "detector.max_det": 7,
         "detector.threads": 1}


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def detections_by_frame():
    rows = np.loadtxt(CROSSING / "det" / "det.txt", delimiter=",")
    return [rows[rows[:, 0] == frame] for frame in range(1, 101)]


def track_crossing(tracker):
    """The rows of a result file."""
    rows = [onepass.mot_rows(frame, tracker.update(found[:, 2:6], found[:, 6]))
            for frame, found in enumerate(detections_by_frame())]
    return np.vstack(rows)


def write_bmp(path, image):
    """24 bits per pixel, rows from the bottom up, each padded to four bytes."""
    height, width = image.shape[:2]
    stride = (3 * width + 3) // 4 * 4
    rows = np.zeros((height, stride), np.uint8)
    rows[:, :3 * width] = image[::-1].reshape(height, 3 * width)
    header = struct.pack("<2sIHHI", b"BM", 54 + rows.size, 0, 0, 54)
    information = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, rows.size, 0, 0, 0, 0)
    path.write_bytes(header + information + rows.tobytes())


def pictures(count):
    random = np.random.default_rng(3)
    result = []
    for number in range(count):
        image = random.integers(0, 120, (96, 160, 3), np.uint8)
        image[30:70, 10 + 8 * number:40 + 8 * number] = (250, 240, 230)
        result.append(image)
    return result


HAS_MODELS = importlib.util.find_spec("onepass._models") is not None
needs_models = unittest.skipUnless(HAS_MODELS, "this build has no LibTorch and runs no models")


def flags(settings):
    """Settings as flags of the program."""
    return [word for name, value in settings.items() for word in ("--" + name, value)]


def write_pictures(folder, count=6):
    """Writes pictures() to a new folder, one file per frame, and returns them."""
    folder.mkdir()
    images = pictures(count)
    for number, image in enumerate(images):
        write_bmp(folder / f"{number}.bmp", image)
    return images


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
