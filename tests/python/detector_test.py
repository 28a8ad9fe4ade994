"""Tests onepass.Detector: the program's boxes and embeddings for the same images, and misuse."""
import csv
import unittest

import numpy as np

import onepass
from package import EAGER, TINY_MODEL, InFolder, flags, needs_models, pictures, run, write_pictures


@needs_models
class DetectorTest(InFolder):
    def test_gives_the_boxes_and_embeddings_of_the_program(self):
        images = write_pictures(self.folder / "images")
        run("embed", "--source", self.folder / "images", "--model", TINY_MODEL, "--out", self.folder / "out",
            *flags(EAGER))
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
        images = write_pictures(self.folder / "images")
        eager = {**EAGER, "tracker.birth_score": 0.001, "tracker.confirm_score_sum": 0}
        run("track", "--source", self.folder / "images", "--model", TINY_MODEL, "--save-mot", self.folder / "tracks.txt",
            *flags(eager))
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


if __name__ == "__main__":
    unittest.main()
