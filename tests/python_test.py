"""Tests the Python module: same results as the program's for the same input, cases computed by hand, and misuse.

Needs the environment variables ONEPASS_PROGRAM (the program), ONEPASS_SOURCE (the repository), ONEPASS_CROSSING (what
write_crossing wrote) and PYTHONPATH.
"""
import csv
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
import warnings

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


needs_models = unittest.skipUnless(hasattr(onepass, "Detector"), "this build has no LibTorch and runs no models")


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


@needs_models
class DocumentationTest(InFolder):
    def test_the_example_runs(self):
        text = (SOURCE / "docs/library.md").read_text().split("```python\n")[1].split("```")[0]
        (self.folder / "yolov8n.pt").symlink_to(TINY_MODEL)
        (self.folder / "gt.txt").symlink_to(CROSSING / "gt/gt.txt")
        np.savetxt(self.folder / "tracks.txt", track_crossing(onepass.Tracker(30)), fmt="%.10g", delimiter=",")
        script = f"""
import sys
sys.path[:0] = {sys.path!r}
import numpy
images = numpy.random.default_rng(1).integers(0, 255, (3, 96, 160, 3), numpy.uint8)
""" + text
        done = subprocess.run([sys.executable, "-c", script], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.strip().splitlines()
        self.assertGreaterEqual(len(lines), 4)  # three pictures, and a score
        self.assertGreater(float(lines[-1]), .8)


class TrackerTest(InFolder):
    def program_rows(self, *more):
        run("track", "--source", CROSSING, "--detections", CROSSING / "det/det.txt", "--save-mot",
            self.folder / "tracks.txt", *more)
        return np.loadtxt(self.folder / "tracks.txt", delimiter=",", ndmin=2)

    def assert_same_tracks(self, rows, expected):
        np.testing.assert_array_equal(rows[:, :2], expected[:, :2])  # the same ids in the same frames
        np.testing.assert_allclose(rows[:, 2:6], expected[:, 2:6], atol=0.0051)  # files have two decimals
        np.testing.assert_allclose(rows[:, 6], expected[:, 6], atol=5.1e-5)

    def test_gives_the_tracks_of_the_program(self):
        expected = self.program_rows()
        self.assertGreater(len(expected), 200)
        self.assert_same_tracks(track_crossing(onepass.Tracker(30, size=(1280, 720))), expected)

    def test_takes_the_same_configuration_as_the_program(self):
        file = SOURCE / "configs" / "sort.yaml"
        expected = self.program_rows("--config", file, "--tracker.max_age_s", "0.05")
        settings = {"tracker.max_age_s": 0.05}
        for config in ([file, settings], (str(file), settings)):
            self.assert_same_tracks(track_crossing(onepass.Tracker(30, config, (1280, 720))), expected)
        self.assertGreater(len(np.unique(expected[:, 1])), 3)  # at .05 s the person who hides comes back as another

    def test_embeddings_decide_where_boxes_cannot(self):
        # Two people turn around behind a pillar: only their appearance tells which of them comes out again.
        def last_ids(embeddings):
            tracker = onepass.Tracker(30, size=(1060, 480))
            for frame in range(108):
                step = 8 * (frame if frame < 40 else 107 - frame)
                boxes = [[100 + step, 200, 60, 150], [900 - step, 200, 60, 150]]
                hidden = 40 <= frame < 68
                tracks = tracker.update(*(([], [], None, None) if hidden else (boxes, [.9, .9], [0, 0], embeddings)))
            return dict(zip(tracks["id"].tolist(), tracks["box"][:, 0].tolist()))
        known = last_ids(np.eye(2, 5) * 3)  # of any length
        self.assertEqual(sorted(known), [1, 2])
        self.assertAlmostEqual(known[1], 100, delta=5)
        self.assertAlmostEqual(known[2], 900, delta=5)
        self.assertEqual(sorted(last_ids(None)), [3, 4])
        self.assertEqual(last_ids(np.zeros((2, 5))), last_ids(None))  # a row of zeros is no embedding

    def test_a_record_has_everything_that_is_known_of_a_track(self):
        tracks = onepass.Tracker().update([[10, 20, 30, 40], [200, 20, 30, 40]], np.array([.9, .8], np.float32), [3, 7])
        self.assertEqual(tracks.dtype, onepass.track_dtype)
        np.testing.assert_array_equal(tracks["id"], [1, 2])
        np.testing.assert_allclose(tracks["box"], [[10, 20, 30, 40], [200, 20, 30, 40]])
        np.testing.assert_array_equal(tracks["class_id"], [3, 7])
        np.testing.assert_allclose(tracks["score"], [.9, .8], rtol=1e-6)
        np.testing.assert_array_equal(tracks["state"], ["confirmed", "confirmed"])
        np.testing.assert_array_equal(tracks["origin"], ["detected", "detected"])
        np.testing.assert_array_equal(tracks["detection"], [0, 1])

    def test_a_record_names_the_row_of_its_detection(self):
        tracker = onepass.Tracker(30)
        boxes = [[10, 20, 30, 40], [200, 20, 30, 40]]
        for _ in range(20):
            tracker.update(boxes, [.9, .8])
        tracks = tracker.update([boxes[1]], [.8])  # the first one is lost and coasts
        np.testing.assert_array_equal(tracks["id"], [1, 2])
        np.testing.assert_array_equal(tracks["detection"], [-1, 0])

    def test_takes_arrays_of_any_layout(self):
        boxes = np.array([[10, 20, 30, 40], [200, 20, 30, 40]], np.int16)
        expected = onepass.Tracker().update(boxes, [.9, .8])
        for layout in (np.asfortranarray(boxes, np.float64), np.repeat(boxes, 2, axis=1)[:, ::2], boxes.tolist()):
            np.testing.assert_array_equal(onepass.Tracker().update(layout, (.9, .8)), expected)

    def test_time_ends_tracks_also_without_detections(self):
        tracker = onepass.Tracker(10)
        tracker.update([[10, 20, 30, 40]], [.9], time=5.0)
        self.assertEqual(len(tracker.update([], [], time=60.0)), 0)
        tracker.update([[10, 20, 30, 40]], [.9], time=60.1)
        tracks = tracker.update([[10, 20, 30, 40]], [.9], time=60.2)
        np.testing.assert_array_equal(tracks["id"], [2])
        self.assertEqual(tracker.identity_count, 2)

    def test_an_image_compensates_the_motion_of_the_camera(self):
        texture = np.random.default_rng(1).integers(0, 255, (30, 60, 3), np.uint8).repeat(16, 0).repeat(16, 1)

        def last_ids(with_image):
            tracker = onepass.Tracker(30, {"tracker.camera_motion": "flow"})
            for frame in range(12):
                shift = 0 if frame < 6 else 40  # the camera swings once, by more than the person is wide
                image = np.ascontiguousarray(texture[:480, shift:shift + 640])
                tracks = tracker.update([[300 - shift, 200, 30, 80]], [.9], image=image if with_image else None)
            return tracks["id"].tolist()
        self.assertEqual(last_ids(True), [1])

    def test_trackers_in_threads_do_not_mix(self):
        # Two trackers in two threads have the same results as one after the other.
        results = [None, None]

        def work(place):
            results[place] = track_crossing(onepass.Tracker(30))
        threads = [threading.Thread(target=work, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        np.testing.assert_array_equal(results[0], track_crossing(onepass.Tracker(30)))
        np.testing.assert_array_equal(results[1], results[0])

    def test_misuse_is_named(self):
        box, score = [[1., 2, 3, 4]], [.5]
        image = np.zeros((4, 4), np.uint8)
        cases = [
            (dict(boxes=[1, 2, 3, 4], scores=score), r"boxes: expected N×4 numbers .* got shape \(4,\) of int64"),
            (dict(boxes=[[1, 2, 3]], scores=score), r"boxes: expected N×4 .* got shape \(1, 3\) of int64"),
            (dict(boxes=[["a", "b", "c", "d"]], scores=score), r"boxes: .* of <U1"),
            (dict(boxes=[[1, 2, 3, np.nan]], scores=score), r"boxes\[0\]: is not finite"),
            (dict(boxes=[[1, 2, 1e39, 4]], scores=score), r"boxes\[0\]: is not finite"),
            (dict(boxes=box + [[10, 10, -5, 5]], scores=[.5, .5]), r"boxes\[1\]: width -5 and height 5; expected left"),
            (dict(boxes=box, scores=[.5, .6]), r"scores: has 2 entries for 1 boxes"),
            (dict(boxes=box, scores=[]), r"scores: has 0 entries for 1 boxes"),
            (dict(boxes=box, scores=[1.5]), r"scores\[0\]: 1.5 is not in 0 to 1"),
            (dict(boxes=box, scores=[np.nan]), r"scores\[0\]: nan is not in 0 to 1"),
            (dict(boxes=box, scores=score, classes=[.5]), r"classes: expected N integers, got .* float64"),
            (dict(boxes=box, scores=score, classes=[-1]), r"classes\[0\]: -1 is not a valid class number"),
            (dict(boxes=box, scores=score, embeddings=[1., 2]), r"embeddings: expected N×D numbers, got shape \(2,\)"),
            (dict(boxes=box, scores=score, embeddings=np.ones((2, 8))), r"embeddings: has 2 entries for 1 boxes"),
            (dict(boxes=box, scores=score, embeddings=[[np.inf]]), r"embeddings\[0\]: is not finite"),
            (dict(boxes=box, scores=score, image=image), r"image: expected H×W×3 of uint8 .* got shape \(4, 4\)"),
            (dict(boxes=box, scores=score, image=np.zeros((4, 4, 3))), r"image: .* of float64"),
            (dict(boxes=box, scores=score, frame=4), r"frame: 4 is not after the previous frame 4"),
            (dict(boxes=box, scores=score, frame=2**62), r"frame: .* is larger than"),
            (dict(boxes=box, scores=score, time=.4), r"time: 0.4 s is not after 0.4 s"),
            (dict(boxes=box, scores=score, time=np.nan), r"time: nan s"),
        ]
        tracker = onepass.Tracker(10)
        tracker.update(box, score, frame=4)
        for arguments, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message), np.errstate(over="ignore"):
                tracker.update(**arguments)
        self.assertEqual(tracker.identity_count, 0)  # nothing of it has reached the tracker: one weak detection only

    def test_wrong_settings_are_named(self):
        cases = [
            ({"tracker.max_agee_s": 1}, r"unknown parameter 'tracker.max_agee_s' \(did you mean 'tracker.max_age_s'\?\)"),
            ({"tracker.max_age_s": -1}, r"tracker.max_age_s: "),
            ({"tracker.per_class": 3}, r"tracker.per_class: "),
            ("/no/such.yaml", r"/no/such.yaml"),
            (7, r"config: expected the path of a YAML file, a dict"),
        ]
        for config, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                onepass.Tracker(30, config)
        for rate in (0, -1, float("nan")):
            with self.assertRaisesRegex(ValueError, "frame_rate"):
                onepass.Tracker(rate)
        with self.assertRaisesRegex(ValueError, "size"):
            onepass.Tracker(30, None, (0, 4))

    def test_every_kind_of_setting_arrives(self):
        settings = {"tracker.per_class": True, "tracker.gallery": 5, "tracker.max_age_s": 2.5, "tracker.box": "xyah",
                    "detector.classes": ["person", "car"], "embed.layers": [2, 4],
                    "tracker.stages": [{"name": "only", "limit": 0.5}]}
        dump = onepass.dump_config(settings)
        for line in ("per_class: true", "gallery: 5", "max_age_s: 2.5", "box: xyah", "classes: [person, car]",
                     "layers: [2, 4]", "name: only"):
            self.assertIn(line, dump)
        self.assertNotIn("name: only", onepass.dump_config())
        self.assertEqual(onepass.dump_config(), (SOURCE / "configs" / "default.yaml").read_text())

    def test_what_a_file_says_without_effect_is_a_warning(self):
        file = self.folder / "bytetrack.yaml"
        file.write_text("tracker_type: bytetrack\ntrack_high_thresh: 0.25\ntrack_low_thresh: 0.1\n"
                        "new_track_thresh: 0.25\ntrack_buffer: 30\nmatch_thresh: 0.8\nfuse_score: True\nwith_reid: True\n")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            onepass.Tracker(30, file)
        self.assertTrue(any("with_reid has no effect" in str(warning.message) for warning in caught), caught)


class MetricsTest(InFolder):
    def program_scores(self, truth, result, frames, *more):
        """Scores of onepass eval for these two files."""
        sequence = self.folder / "truth" / "SEQ"
        (sequence / "gt").mkdir(parents=True)
        (sequence / "gt" / "gt.txt").write_text(truth)
        (sequence / "seqinfo.ini").write_text(
            f"[Sequence]\nname=SEQ\nimDir=img1\nframeRate=30\nseqLength={frames}\nimWidth=1280\nimHeight=720\n")
        (self.folder / "mine").mkdir()
        (self.folder / "mine" / "SEQ.txt").write_text(result)
        return json.loads(run("eval", "--gt", self.folder / "truth", "--results", self.folder / "mine", "--json", "-",
                              *more))

    def find(self, node, family):
        """The first object of this name at any depth."""
        if isinstance(node, dict):
            if family in node:
                return node[family]
            node = list(node.values())
        if isinstance(node, list):
            for child in node:
                found = self.find(child, family)
                if found is not None:
                    return found
        return None

    def noisy_rows(self):
        """Truth as a text and as an array, and a result with misses, noise and a swap of identities."""
        random = np.random.default_rng(5)
        text = (CROSSING / "gt" / "gt.txt").read_text()
        truth = np.loadtxt(CROSSING / "gt" / "gt.txt", delimiter=",")
        result = truth[random.random(len(truth)) > .1, :6].copy()
        result[:, 2:6] = np.round(result[:, 2:6] + random.normal(0, 6, (len(result), 4)), 2)
        late = result[:, 0] > 60
        result[late, 1] = 4 - result[late, 1]
        return text, truth, random.permutation(result)

    def test_scores_are_those_of_the_program(self):
        text, truth, result = self.noisy_rows()
        rows = "".join("%d,%d,%.2f,%.2f,%.2f,%.2f,1,-1,-1,-1\n" % tuple(row) for row in result)
        program = self.program_scores(text, rows, 100, "--benchmark", "MOT17")
        scores = onepass.evaluate(truth, result, benchmark="MOT17", frames=100)
        self.assertGreater(scores["CLEAR"]["IDSW"], 0)
        self.assertLess(scores["HOTA"]["HOTA"], .9)
        for family in ("HOTA", "CLEAR", "Identity", "Count"):
            for name, value in self.find(program, family).items():
                with self.subTest(family=family, name=name):
                    mean = np.mean(value)
                    np.testing.assert_allclose(scores[family][name], mean, rtol=1e-12, atol=1e-12)
                    if isinstance(value, list):
                        np.testing.assert_allclose(scores["curves"][name], value, rtol=1e-12, atol=1e-12)

    def test_files_and_arrays_score_the_same(self):
        _, truth, result = self.noisy_rows()
        file = self.folder / "result.txt"
        np.savetxt(file, result, fmt="%.10g", delimiter=",")
        from_arrays = onepass.evaluate(truth, result, benchmark="MOT17", frames=100)
        from_files = onepass.evaluate(CROSSING / "gt/gt.txt", str(file), benchmark="MOT17", frames=100)
        for family in ("HOTA", "CLEAR", "Identity", "Count"):
            self.assertEqual(from_files[family], from_arrays[family])

    def test_scores_by_hand(self):
        # One object in four frames, followed by track 1, by track 2, by track 2, and not found.
        truth = [[frame, 7, 10, 10, 20, 20] for frame in (1, 2, 3, 4)]
        result = [[1, 1, 10, 10, 20, 20], [2, 2, 10, 10, 20, 20], [3, 2, 10, 10, 20, 20]]
        scores = onepass.evaluate(truth, result)
        self.assertEqual(scores["CLEAR"]["IDSW"], 1)
        self.assertAlmostEqual(scores["CLEAR"]["MOTA"], 1 - (1 + 0 + 1) / 4)  # a miss and a switch
        self.assertAlmostEqual(scores["Identity"]["IDF1"], 2 * 2 / (4 + 3))
        # DetA = 3 / 4. A(c) of a match is its track's matches over their union: 1 / 4 once, 2 / 4 twice.
        association = (1 / 4 + 2 * 2 / 4) / 3
        self.assertAlmostEqual(scores["HOTA"]["DetA"], 3 / 4)
        self.assertAlmostEqual(scores["HOTA"]["AssA"], association)
        self.assertAlmostEqual(scores["HOTA"]["HOTA"], (3 / 4 * association) ** .5)
        self.assertEqual(scores["curves"]["HOTA"].shape, (19,))
        self.assertEqual(scores["Count"]["GT_Dets"], 4)
        nothing = onepass.evaluate(truth, np.empty((0, 6)))
        self.assertEqual(nothing["CLEAR"]["CLR_FN"], 4)
        self.assertEqual(nothing["HOTA"]["HOTA"], 0)

    def test_the_trackers_rows_can_be_scored(self):
        truth = np.loadtxt(CROSSING / "gt" / "gt.txt", delimiter=",")
        scores = onepass.evaluate(truth, track_crossing(onepass.Tracker(30)), benchmark="MOT17")
        self.assertEqual(scores["Count"]["IDs"], 3)
        self.assertEqual(scores["CLEAR"]["IDSW"], 0)
        self.assertGreater(scores["Identity"]["IDF1"], .95)

    def test_misuse_is_named(self):
        good = [[1, 1, 0, 0, 5, 5]]
        cases = [
            ((good, [[1, 1, 0, 0, 5]]), {}, r"result: expected N×6 or more numbers .* got shape \(1, 5\)"),
            ((good, "no such file"), {}, None),
            (([[0, 1, 0, 0, 5, 5]], good), {}, r"truth\[0\]: frame: 0 is not a whole number from 1"),
            (([[1.5, 1, 0, 0, 5, 5]], good), {}, r"truth\[0\]: frame: 1.5 is not a whole number"),
            ((good, [[2, 1, 0, 0, 5, 5]]), {}, r"result\[0\]: frame: 2 is not a whole number from 1 to 1"),
            ((good, [[1, 1e300, 0, 0, 5, 5]]), {}, r"result\[0\]: id: "),
            ((good, [[1, 1, 0, 0, -5, 5]]), {}, r"result\[0\]: width or height is negative"),
            ((good, [[1, 1, np.nan, 0, 5, 5]]), {}, r"result\[0\]: is not finite"),
            ((good, good + good), {}, r"id"),
            ((good, good), dict(benchmark="MOT18"), r"benchmark: 'MOT18' is not a benchmark"),
            ((good, good), dict(benchmark="MOT17"), r"truth: expected N×8 or more numbers"),
            (([[1, 1, 0, 0, 5, 5, 1, 99]], good), dict(benchmark="MOT17"),
             r"class 99 is not a class of the benchmark MOT17"),
            ((good, good), dict(frames=-1), r"frames: -1 is not in 0 to"),
            ((good, good), dict(frames=10**12), r"frames: 1000000000000 is not in 0 to"),
        ]
        for arguments, options, message in cases:
            with self.subTest(message):
                if message is None:
                    with self.assertRaisesRegex(RuntimeError, "no such file"):
                        onepass.evaluate(*arguments, **options)
                else:
                    with self.assertRaisesRegex(ValueError, message):
                        onepass.evaluate(*arguments, **options)
        with self.assertRaisesRegex(ValueError, "tracks: expected what Tracker.update returns"):
            onepass.mot_rows(0, np.zeros((2, 6)))
        with self.assertRaisesRegex(ValueError, "frame: -1"):
            onepass.mot_rows(-1, onepass.Tracker().update([], []))


@needs_models
class DetectorTest(InFolder):
    def test_gives_the_boxes_and_embeddings_of_the_program(self):
        images = pictures(6)
        (self.folder / "images").mkdir()
        for number, image in enumerate(images):
            write_bmp(self.folder / "images" / f"{number}.bmp", image)
        settings = [word for name, value in EAGER.items() for word in ("--" + name, value)]
        run("embed", "--source", self.folder / "images", "--model", TINY_MODEL, "--out", self.folder / "out", *settings)
        expected_embeddings = np.load(self.folder / "out" / "embeddings.npy")
        with open(self.folder / "out" / "detections.csv", newline="") as file:
            expected = list(csv.DictReader(file))
        detector = onepass.Detector(TINY_MODEL, EAGER)
        found = [detector.detect(image) for image in images]
        counts = [int(row["frame"]) for row in expected]
        self.assertEqual([len(one.scores) for one in found], [counts.count(frame + 1) for frame in range(6)])
        self.assertGreater(len(expected), 6)
        boxes = np.array([[float(row[name]) for name in ("left", "top", "width", "height")] for row in expected])
        np.testing.assert_allclose(np.vstack([one.boxes for one in found]), boxes, atol=0.0051)
        np.testing.assert_allclose(np.hstack([one.scores for one in found]), [float(row["score"]) for row in expected],
                                   atol=5.1e-5)
        embeddings = np.vstack([one.embeddings for one in found])
        np.testing.assert_array_equal(embeddings, expected_embeddings)
        np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
        names = [detector.class_names[number] for number in np.hstack([one.classes for one in found])]
        self.assertTrue(set(names) <= set(detector.class_names))

    def test_feeds_the_tracker(self):
        images = pictures(6)
        (self.folder / "images").mkdir()
        for number, image in enumerate(images):
            write_bmp(self.folder / "images" / f"{number}.bmp", image)
        eager = {**EAGER, "tracker.birth_score": 0.001, "tracker.confirm_score_sum": 0}
        settings = [word for name, value in eager.items() for word in ("--" + name, value)]
        run("track", "--source", self.folder / "images", "--model", TINY_MODEL, "--save-mot", self.folder / "tracks.txt",
            *settings)
        expected = np.loadtxt(self.folder / "tracks.txt", delimiter=",", ndmin=2)
        detector, tracker = onepass.Detector(TINY_MODEL, eager), onepass.Tracker(30, eager)
        rows = [onepass.mot_rows(frame, tracker.update(*detector.detect(image), image=image))
                for frame, image in enumerate(images)]
        np.testing.assert_allclose(np.vstack(rows), expected, atol=0.0051)

    def test_without_embeddings_there_are_none(self):
        found = onepass.Detector(TINY_MODEL, {**EAGER, "embed.method": "none"}).detect(pictures(1)[0])
        self.assertIsNone(found.embeddings)
        nothing = onepass.Detector(TINY_MODEL, {"detector.conf": 1}).detect(np.zeros((96, 160, 3), np.uint8))
        self.assertEqual((nothing.boxes.shape, nothing.scores.shape), ((0, 4), (0,)))
        self.assertGreater(nothing.embeddings.shape[1], 0)

    def test_takes_views(self):
        image = pictures(1)[0]
        plain = onepass.Detector(TINY_MODEL, EAGER).detect(image)
        turned = onepass.Detector(TINY_MODEL, EAGER).detect(np.ascontiguousarray(image[..., ::-1])[..., ::-1])
        for one, other in zip(plain, turned):
            np.testing.assert_array_equal(one, other)

    def test_misuse_is_named(self):
        detector = onepass.Detector(TINY_MODEL, EAGER)
        for image in (None, "x", np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9, 3), np.float32),
                      np.zeros((0, 9, 3), np.uint8)):
            with self.assertRaisesRegex(ValueError, "image: expected H×W×3 of uint8"):
                detector.detect(image)
        with self.assertRaisesRegex(RuntimeError, "/no/model.pt: no such file"):
            onepass.Detector("/no/model.pt")
        with self.assertRaisesRegex(ValueError, "detector.conf"):
            onepass.Detector(TINY_MODEL, {"detector.conf": 2})


class TextFromFilesTest(InFolder):
    def test_messages_do_not_control_the_terminal(self):
        path = self.folder / "a\x1b[2J.yaml"
        with self.assertRaises(ValueError) as caught:
            onepass.Tracker(config=str(path))
        self.assertIn("a\\u001b[2J.yaml", str(caught.exception))
        self.assertNotIn("\x1b", str(caught.exception))
        with self.assertRaises(RuntimeError) as caught:
            onepass.evaluate(str(self.folder / "gt\x1b[2J.txt"), np.zeros((0, 10)), benchmark="none")
        self.assertNotIn("\x1b", str(caught.exception))

    def test_marks_of_truth_that_leave_out_rows_are_warnings(self):
        truth = np.array([[1, 1, 0, 0, 9, 9, 0], [2, 1, 0, 0, 9, 9, 0]], float)
        with self.assertWarnsRegex(UserWarning, "truth: all 2 rows are marked 0 in column 7"):
            onepass.evaluate(truth, truth, benchmark="none")
        truth[:, 6] = 0.5
        with self.assertWarnsRegex(UserWarning, "2 of 2 rows have a mark between 0 and 1"):
            onepass.evaluate(truth, truth, benchmark="none")


if __name__ == "__main__":
    unittest.main()
