"""Tests onepass.evaluate and mot_rows: the program's scores, scores computed by hand, and misuse."""
import json
import unittest

import numpy as np

import onepass
from package import CROSSING, InFolder, run, track_crossing


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

    def test_marks_of_truth_that_leave_out_rows_are_warnings(self):
        truth = np.array([[1, 1, 0, 0, 9, 9, 0], [2, 1, 0, 0, 9, 9, 0]], float)
        with self.assertWarnsRegex(UserWarning, "truth: all 2 rows are marked 0 in column 7"):
            onepass.evaluate(truth, truth, benchmark="none")
        truth[:, 6] = 0.5
        with self.assertWarnsRegex(UserWarning, "2 of 2 rows have a mark between 0 and 1"):
            onepass.evaluate(truth, truth, benchmark="none")


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

if __name__ == "__main__":
    unittest.main()
