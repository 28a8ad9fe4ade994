"""Tests onepass.Tracker: the program's tracks for the same input, cases computed by hand, and misuse."""
import threading
import unittest
import warnings

import numpy as np

import onepass
from package import CROSSING, SOURCE, InFolder, run, track_crossing


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


if __name__ == "__main__":
    unittest.main()
