"""Tests onepass.track: the ids and boxes of the program for the same input, every kind of source and detector, misuse."""
import json
import logging
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import unittest

import numpy as np

import onepass
from package import (CROSSING, EAGER, TINY_MODEL, InFolder, detections_by_frame, flags, needs_models, pictures, run,
                     write_pictures)

DETECTIONS = CROSSING / "det" / "det.txt"
EVERYTHING = {**EAGER, "tracker.birth_score": 0.001, "tracker.confirm_score_sum": 0}
AS_KEYWORDS = {name.split(".")[1]: value for name, value in EVERYTHING.items()}


def rows_of(results):
    """The rows of a MOTChallenge file."""
    return np.vstack([onepass.mot_rows(result.index, result.tracks.records) for result in results])


def crossing_detector():
    """A detector function that returns the detections of the crossing, one frame after the other."""
    frames = iter(detections_by_frame())

    def detect(image):
        found = next(frames)
        return found[:, 2:6], found[:, 6]
    return detect


def blank_frames(count=100):
    return (np.zeros((720, 1280, 3), np.uint8) for _ in range(count))


class TrackTest(InFolder):
    def assert_rows_of_program(self, rows, *arguments):
        """Checks that these are the rows of onepass track with these arguments, but for the digits that it writes."""
        file = self.folder / "program.txt"
        run("track", *arguments, "--save-mot", file, "--overwrite")
        expected = np.loadtxt(file, delimiter=",", ndmin=2)
        self.assertGreater(len(expected), 0)
        np.testing.assert_array_equal(rows[:, :2], expected[:, :2])
        np.testing.assert_allclose(rows[:, 2:6], expected[:, 2:6], atol=0.0051)

    def test_given_detections_have_the_programs_tracks(self):
        rows = rows_of(onepass.track(CROSSING, detections=DETECTIONS))
        self.assert_rows_of_program(rows, "--source", CROSSING, "--detections", DETECTIONS)
        rows = rows_of(onepass.track(str(CROSSING), detections=str(DETECTIONS), config="sort", max_age_s=.05, stride=2))
        self.assert_rows_of_program(rows, "--source", CROSSING, "--detections", DETECTIONS, "--config", "sort",
                                    "--tracker.max_age_s", .05, "--vid-stride", 2)
        self.assertGreater(len(np.unique(rows[:, 1])), 3)  # at .05 s the person who hides comes back as another

    @needs_models
    def test_a_model_has_the_programs_tracks(self):
        write_pictures(self.folder / "images", 8)
        arguments = "--source", self.folder / "images", "--model", TINY_MODEL, *flags(EVERYTHING)
        with onepass.track(self.folder / "images", TINY_MODEL, **AS_KEYWORDS) as tracked:
            results = list(tracked)
        self.assert_rows_of_program(rows_of(results), *arguments)
        self.assertEqual([result.index for result in results], list(range(8)))
        detector = onepass.Detector(TINY_MODEL, EVERYTHING)
        for _ in range(2):  # the network is shared, the statistics of the stream are not
            rows = rows_of(onepass.track(self.folder / "images", detector, config=EVERYTHING))
            self.assert_rows_of_program(rows, *arguments)

    @needs_models
    def test_frames_and_columns(self):
        images = write_pictures(self.folder / "images")
        results = list(onepass.track(self.folder / "images", TINY_MODEL, **AS_KEYWORDS))
        for result, image in zip(results, images):
            np.testing.assert_array_equal(result.frame, image)
            self.assertEqual(result.size, (160, 96))
        tracks = results[-1].tracks
        count = len(tracks)
        self.assertGreater(count, 0)
        for column, shape in (("ids", ()), ("boxes", (4,)), ("xyxy", (4,)), ("scores", ()), ("classes", ()),
                              ("states", ()), ("origins", ()), ("detections", ())):
            self.assertEqual(getattr(tracks, column).shape, (count, *shape), column)
        np.testing.assert_allclose(tracks.xyxy[:, 2:] - tracks.xyxy[:, :2], tracks.boxes[:, 2:], atol=1e-3)
        self.assertEqual(len(tracks.class_names), count)
        found = results[-1].detections
        for row, embedding in zip(tracks.detections, tracks.embeddings):
            np.testing.assert_array_equal(embedding, found.embeddings[row] if row >= 0 else np.zeros_like(embedding))
        self.assertIsNone(tracks.masks)
        self.assertIsNone(tracks.keypoints)
        self.assertIsNone(tracks.rotated)

    def test_a_frame_outlives_its_run(self):
        write_pictures(self.folder / "images")
        frame = next(onepass.track(self.folder / "images", lambda image: ([], []))).frame
        np.testing.assert_array_equal(frame, pictures(1)[0])
        self.assertFalse(frame.flags.owndata)  # a view of the decoded frame

    def test_functions_and_images_of_python(self):
        expected = rows_of(onepass.track(CROSSING, detections=DETECTIONS, camera_motion="none"))
        rows = rows_of(onepass.track(blank_frames(), crossing_detector(), camera_motion="none", frame_rate=30))
        np.testing.assert_array_equal(rows, expected)

        class Found:  # with the attributes of supervision.Detections
            def __init__(self, boxes, scores):
                self.xyxy = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
                self.confidence, self.class_id = scores, np.zeros(len(boxes))
        detect = crossing_detector()
        rows = rows_of(onepass.track(blank_frames(), lambda image: Found(*detect(image)), camera_motion="none"))
        np.testing.assert_allclose(rows, expected, atol=.01)

    def test_a_function_gets_the_frames_of_a_folder(self):
        images = write_pictures(self.folder / "images")
        seen = []

        def detect(image):
            seen.append(image.copy())
            return [[10, 20, 30, 40]], [.9], [1], [[1., 0]]
        results = list(onepass.track(self.folder / "images", detect, class_names=["person", "car"]))
        np.testing.assert_array_equal(seen, images)
        self.assertEqual(results[-1].tracks.class_names, ["car"])
        np.testing.assert_array_equal(results[-1].tracks.embeddings, [[1, 0]])

    def test_outputs_are_those_of_the_program(self):
        mine, theirs = self.folder / "mine.jsonl", self.folder / "theirs.jsonl"
        for _ in onepass.track(CROSSING, detections=DETECTIONS, save_jsonl=mine, save_mot=self.folder / "mine.txt"):
            self.assertFalse(mine.exists())
        run("track", "--source", CROSSING, "--detections", DETECTIONS, "--save-jsonl", theirs, "--save-mot",
            self.folder / "theirs.txt")
        self.assertEqual(mine.read_text(), theirs.read_text())
        self.assertEqual((self.folder / "mine.txt").read_text(), (self.folder / "theirs.txt").read_text())
        with self.assertRaisesRegex(ValueError, r"mine.jsonl: this file already exists; use overwrite to replace it"):
            onepass.track(CROSSING, detections=DETECTIONS, save_jsonl=mine)
        with onepass.track(CROSSING, detections=DETECTIONS, save_jsonl=mine, overwrite=True) as tracked:
            next(tracked)
        self.assertEqual([json.loads(line)["index"] for line in mine.read_text().splitlines()], [0])

    def test_an_error_completes_the_outputs(self):
        def detect(image):
            if len(seen) == 3:
                raise KeyError("lost")
            seen.append(image)
            return [], []
        seen, file = [], self.folder / "out.jsonl"
        tracked = onepass.track(blank_frames(), detect, save_jsonl=file)
        with self.assertRaisesRegex(KeyError, "lost"):
            list(tracked)
        self.assertEqual(len(file.read_text().splitlines()), 3)
        self.assertEqual(list(tracked), [])  # has ended

    def test_a_run_that_is_left_is_complete(self):
        file = self.folder / "out.jsonl"
        for result in onepass.track(CROSSING, detections=DETECTIONS, save_jsonl=file):
            if result.index == 10:
                break
        del result
        self.assertEqual(len(file.read_text().splitlines()), 11)

    def test_other_threads_work_meanwhile(self):
        count = 0

        def work():
            nonlocal count
            while running:
                count += 1
        running = True
        thread = threading.Thread(target=work)
        thread.start()
        try:
            rows = rows_of(onepass.track(CROSSING, detections=DETECTIONS))
        finally:
            running = False
            thread.join()
        self.assertGreater(len(rows), 200)
        self.assertGreater(count, 0)

    def test_ctrl_c_ends_a_wait_for_a_camera(self):
        script = ("import onepass\nprint('waits', flush=True)\n"
                  "list(onepass.track('rtsp://127.0.0.1:9/none', lambda image: ([], []), live=True))")
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        self.assertEqual(process.stdout.readline(), "waits\n")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertTrue(errors.rstrip().endswith("KeyboardInterrupt"), errors)

    def test_close_ends_a_wait_for_a_camera(self):
        lost = onepass.track("rtsp://127.0.0.1:9/none", lambda image: ([], []), live=True)
        rest = []
        waiting = threading.Thread(target=lambda: rest.extend(lost), daemon=True)
        with self.assertLogs("onepass", logging.INFO) as news:
            waiting.start()
            while not news.output:  # until the wait has begun
                threading.Event().wait(0.01)
            self.assertEqual((lost.name, lost.frames, lost.size), ("127.0.0.1", 0, None))  # does not wait
            lost.close()
            waiting.join(60)
        self.assertFalse(waiting.is_alive())
        self.assertEqual((rest, list(lost)), ([], []))

    def test_a_signal_handler_may_close(self):
        script = ("import logging, signal, onepass\nlogging.basicConfig(level=logging.INFO)\n"
                  "run = onepass.track('rtsp://127.0.0.1:9/none', lambda image: ([], []), live=True)\n"
                  "signal.signal(signal.SIGTERM, lambda *_: run.close())\nprint(len(list(run)))")
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        self.assertIn("INFO:onepass:", process.stderr.readline())  # the wait has begun
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=60)
        self.assertEqual((process.returncode, output), (0, "0\n"), errors)

    def test_a_detector_may_close(self):
        file = self.folder / "out.jsonl"

        def detect(image):
            tracked.close()
            return [], []
        tracked = onepass.track(blank_frames(), detect, save_jsonl=file)
        self.assertEqual([result.index for result in tracked], [0])
        self.assertEqual(len(file.read_text().splitlines()), 1)

    def test_a_live_source(self):
        write_pictures(self.folder / "images", 8)
        with self.assertLogs("onepass", logging.INFO) as news:
            results = list(onepass.track(self.folder / "images", lambda image: ([[10, 20, 30, 40]], [.9]), live=True,
                                         live_policy="all"))
        self.assertEqual([result.index for result in results], list(range(8)))
        self.assertEqual(results[-1].tracks.ids.tolist(), [1])
        self.assertTrue(any("160x96" in line for line in news.output), news.output)
        with self.assertRaisesRegex(RuntimeError, "none"):
            list(onepass.track(self.folder / "none.mp4", lambda image: ([], []), live=True, retries=0))

    def test_misuse_is_named(self):
        def detect(image):
            return [], []
        given = dict(source=CROSSING, detections=DETECTIONS)
        cases = [
            (dict(given, max_agee_s=1), r"unknown keyword 'max_agee_s' \(did you mean 'max_age_s'\?\)"),
            (dict(given, detection=1), r"unknown keyword 'detection' \(did you mean 'detections'\?\)"),
            (dict(given, max_age_s=-1), r"tracker.max_age_s: "),
            (dict(given, conf=.5), r"detector.conf: has no effect with detections"),
            (dict(given, memory_enabled=True), r"memory.enabled: has no effect with detections"),
            (dict(given, config="bytetrak"), r"bytetrak.*did you mean 'bytetrack'"),
            (dict(given, stride=0), r"stride"),
            (dict(given, frame_rate=30), r"frame_rate: has no effect on a source with a rate of its own"),
            (dict(given, retries=1), r"retries: has no effect without live=True"),
            (dict(given, model="x.pt"), r"either a model or detections, not both"),
            (dict(source=CROSSING), r"either a model or detections"),
            (dict(given, live=True), r"detections: cannot be used with live"),
            (dict(source="0", model=detect, live=True, stride=2), r"stride: has no effect with live"),
            (dict(source="0", model=detect, live=True, live_policy="old"), r"live_policy: 'old' is not one of"),
            (dict(source="0", model=detect, live=True, open_timeout_s=0), r"open_timeout_s: 0.* is not a number of"),
            (dict(source=3.5, model=detect), r"source: expected the path of a video.* got float"),
            (dict(source=blank_frames(), model=7), r"model: expected the path of a model.* got int"),
            (dict(source=blank_frames(), model=detect, frame_rate=0), r"frame_rate: 0"),
            (dict(source=blank_frames(), model=detect, stream=1), r"stream: has no effect on images"),
            (dict(source=blank_frames(), model=detect, conf=.5), r"detector.conf: has no effect with a detector of your"),
            (dict(source=[np.zeros((4, 4))], model=detect), r"source\[0\]: expected H×W×3 of uint8 .* got shape \(4, 4\)"),
            (dict(source=[None], model=detect), r"source\[0\]: expected H×W×3 of uint8"),
            (dict(source=blank_frames(), model=lambda image: None), r"model: expected \(boxes, scores.* got NoneType"),
            (dict(source=blank_frames(), model=lambda image: ([[1, 2, 3]], [1])), r"boxes: expected N×4"),
            (dict(source=blank_frames(), model=lambda image: ([[1, 2, 3, 4]], [7])), r"scores\[0\]: 7 is not in 0 to 1"),
        ]
        for arguments, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                list(onepass.track(**arguments))
        with self.assertRaisesRegex(RuntimeError, "/no/video.mp4"):
            onepass.track("/no/video.mp4", detect)
        with self.assertRaisesRegex(RuntimeError, "/no/det.txt"):
            onepass.track(CROSSING, detections="/no/det.txt")
        with self.assertRaisesRegex(ValueError, "frame: the sequence has no images"):
            next(onepass.track(CROSSING, detections=DETECTIONS)).frame

    def test_a_missing_engine_says_how_to_install_it(self):
        package = self.folder / "onepass"
        shutil.copytree(pathlib.Path(onepass.__file__).parent, package, symlinks=False,
                        ignore=lambda folder, names: [name for name in names if name.startswith("_models.c")])
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        script = "import onepass; onepass.track('0', 'yolov8n.pt')"

        def last_line():
            done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
            return done.stderr.strip().splitlines()[-1]
        self.assertRegex(last_line(), "^ImportError: this installation of onepass cannot run models: .*pip install")
        library = "libopenvino.so.2641"
        (package / "_models.py").write_text(
            f"raise ImportError('{library}: cannot open shared object file: No such file or directory')\n")
        self.assertRegex(last_line(), f"^ImportError: onepass cannot run models: {library}.*; "
                         r"install it with pip install 'onepass\[openvino\]'")


def coco_mask(mask):
    """Decodes {"size": [height, width], "counts": text}: the run lengths of COCO, column by column."""
    counts, place, text = [], 0, mask["counts"]
    while place < len(text):
        value, shift, more = 0, 0, True
        while more:
            group = ord(text[place]) - 48
            value |= (group & 31) << shift
            place, shift, more = place + 1, shift + 5, group & 32
        if group & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    height, width = mask["size"]
    return np.repeat(np.arange(len(counts)) % 2 == 1, counts).reshape(width, height).T


@needs_models
class ShapesTest(InFolder):
    def both(self, model, **more):
        """Frames of track() and of the program's JSON Lines, for a model with random weights."""
        write_pictures(self.folder / "images")
        settings = {**EVERYTHING, **more}
        file = self.folder / "tracks.jsonl"
        run("track", "--source", self.folder / "images", "--model", TINY_MODEL.parent / model, "--save-jsonl", file,
            *flags(settings))
        frames = [json.loads(line)["tracks"] for line in file.read_text().splitlines()]
        self.assertGreater(sum(map(len, frames)), 0)
        return list(onepass.track(self.folder / "images", TINY_MODEL.parent / model, config=settings)), frames

    def test_masks(self):
        results, frames = self.both("tiny_8_seg.pt")
        covered = 0
        for result, tracks in zip(results, frames):
            masks = result.tracks.masks
            with_mask = [i for i, track in enumerate(tracks) if "mask" in track]
            self.assertEqual(masks is None, not with_mask)
            for i in with_mask:
                np.testing.assert_array_equal(masks[i], coco_mask(tracks[i]["mask"]))
                covered += masks[i].sum()
        self.assertGreater(covered, 0)

    def test_keypoints(self):
        results, frames = self.both("tiny_8_pose.pt")
        count = 0
        for result, tracks in zip(results, frames):
            for i, track in enumerate(tracks):
                if "keypoints" in track:
                    np.testing.assert_allclose(result.tracks.keypoints[i], track["keypoints"], atol=.0051)
                    count += 1
        self.assertGreater(count, 0)

    def test_rotated_boxes(self):
        results, frames = self.both("tiny_12_obb.pt")
        count = 0
        for result, tracks in zip(results, frames):
            for i, track in enumerate(tracks):
                if "rotated_box" in track:
                    np.testing.assert_allclose(result.tracks.rotated[i], track["rotated_box"], atol=.0051)
                    count += 1
        self.assertGreater(count, 0)


class ZonesTest(InFolder):
    def test_counts_are_those_of_the_program(self):
        zones = self.folder / "zones.yaml"
        zones.write_text("zones:\n  - {name: middle, line: [[0.5, 0], [0.5, 1]]}\n"
                         "  - {name: left, polygon: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}\n")
        events_file = self.folder / "events.jsonl"
        run("track", "--source", CROSSING, "--detections", DETECTIONS, "--zones", zones, "--events", events_file)
        kinds = {"cross", "enter", "leave"}
        theirs = [line for line in map(json.loads, events_file.read_text().splitlines()) if line["event"] in kinds]
        counter, mine = onepass.ZoneCounter(zones), []
        for result in onepass.track(CROSSING, detections=DETECTIONS):
            mine += counter.update(result)
        mine += counter.finish()
        self.assertGreater(len(mine), 3)
        self.assertEqual([(event.kind, event.zone, event.id) for event in mine],
                         [(event["event"], event["zone"], event["id"]) for event in theirs])
        crossed = counter.counts()["middle"]
        self.assertEqual(sum(crossed.passages), sum(event.kind == "cross" for event in mine))
        own, tracker = onepass.ZoneCounter(zones), onepass.Tracker(30)  # a loop of one's own
        for frame, found in enumerate(detections_by_frame()):
            own.update(tracker.update(found[:, 2:6], found[:, 6]), size=(1280, 720), time=frame / 30)
        self.assertEqual(own.counts()["middle"].passages, crossed.passages)

    def test_misuse_is_named(self):
        zones = self.folder / "zones.yaml"
        zones.write_text("zones:\n  - {name: door, lin: [[0, 0], [1, 1]]}\n")
        with self.assertRaisesRegex(RuntimeError, r"zones.yaml:2: .*did you mean 'line'"):
            onepass.ZoneCounter(zones)
        zones.write_text("zones:\n  - {name: door, line: [[0, 0], [1, 1]], classes: persn}\n")
        with self.assertRaisesRegex(RuntimeError, "did you mean 'person'"):
            onepass.ZoneCounter(zones, ["person"])
        counter = onepass.ZoneCounter(zones, ["persn"])
        for keywords, name in ((dict(time=1.), "size"), (dict(size=(4, 4)), "time")):
            with self.assertRaisesRegex(ValueError, f"{name}: is needed"):
                counter.update(onepass.Tracker().update([], []), **keywords)
        with self.assertRaisesRegex(ValueError, r"size: expected \(width, height\)"):
            counter.update(onepass.Tracker().update([], []), size=(0, 4), time=0)


class TablesTest(InFolder):
    def test_pandas(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        rows = rows_of(onepass.track(CROSSING, detections=DETECTIONS))
        table = onepass.track(CROSSING, detections=DETECTIONS).to_pandas()
        self.assertEqual(list(table.columns), ["frame", "time", "id", "left", "top", "width", "height", "score", "class_id",
                                               "class_name", "state", "origin"])
        np.testing.assert_array_equal(table[["frame", "id"]] + [1, 0], rows[:, :2])
        np.testing.assert_allclose(table[["left", "top", "width", "height"]], rows[:, 2:6])

    def test_supervision(self):
        try:
            import supervision  # noqa: F401
        except ImportError:
            self.skipTest("supervision is not installed")
        result = next(onepass.track(CROSSING, detections=DETECTIONS))
        found = result.to_supervision()
        np.testing.assert_array_equal(found.tracker_id, result.tracks.ids)
        np.testing.assert_allclose(found.xyxy, result.tracks.xyxy)
        self.assertEqual(list(found["class_name"]), result.tracks.class_names)
        self.assertEqual(len(found[found.tracker_id == 1]), 1)


if __name__ == "__main__":
    unittest.main()
