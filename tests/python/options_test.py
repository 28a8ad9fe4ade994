"""Tests that track() takes the options of onepass track: the same files, the same errors with keywords in place of flags."""
import json
import socket
import unittest
import urllib.request

import numpy as np

import onepass
from package import (CROSSING, EAGER, TINY_MODEL, InFolder, flags, needs_models, run, write_pictures)

DETECTIONS = CROSSING / "det" / "det.txt"
EVERYTHING = {**EAGER, "tracker.birth_score": 0.001, "tracker.confirm_score_sum": 0}
ZONES = """zones:
  - name: middle
    line: [[0.5, 0], [0.5, 1]]
  - name: all
    polygon: [[0.3, 0], [0.7, 0], [0.7, 1], [0.3, 1]]
"""


def files_of(folder):
    """The content of all files below, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class OptionsTest(InFolder):
    def setUp(self):
        super().setUp()
        self.zones = self.folder / "zones.yaml"
        self.zones.write_text(ZONES)
        self.mine, self.theirs = self.folder / "mine", self.folder / "theirs"
        self.mine.mkdir()
        self.theirs.mkdir()

    def assert_same_files(self, *names):
        mine, theirs = files_of(self.mine), files_of(self.theirs)
        self.assertEqual(mine.keys(), theirs.keys())
        for name in names:
            self.assertGreater(len(theirs[name]), 100, name)
        for name in theirs:
            self.assertEqual(mine[name], theirs[name], name)

    def with_page(self, start):
        """Calls `start` with a free port, again if another process takes it first; returns the port and the run."""
        for _ in range(20):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            try:
                return port, start(port)
            except (OSError, RuntimeError) as error:
                message = str(error)
        self.fail(message)

    def test_counts_events_tracks_and_reasons(self):
        ground = self.folder / "ground.yaml"
        ground.write_text("ground:\n" + "".join(f"- {{image: [{x}, {y}], meters: [{x / 40}, {y / 40}]}}\n"
                                                for x, y in ((0, 0), (1280, 0), (1280, 720), (0, 720))))
        files = dict(save_counts="c.csv", save_jsonl="f.jsonl", events="e.jsonl", save_tracks="t.xml", save_mot="t.txt", explain="x.jsonl")
        with onepass.track(CROSSING, detections=DETECTIONS, zones=self.zones, ground=ground, format="cvat", counts_interval="1s",
                           interpolate=20, **{name: self.mine / file for name, file in files.items()}) as tracked:
            with self.assertWarnsRegex(UserWarning, "save_tracks: cvat keeps no scores"):
                for _ in tracked:
                    pass
        run("track", "--source", CROSSING, "--detections", DETECTIONS, "--zones", self.zones, "--ground", ground, "--format", "cvat",
            "--counts-interval", "1s", "--interpolate", 20,
            *flags({name.replace("_", "-"): self.theirs / file for name, file in files.items()}))
        self.assert_same_files(*files.values())
        self.assertIn('"position_m":', (self.mine / "f.jsonl").read_text())
        events = [json.loads(line) for line in (self.mine / "e.jsonl").read_text().splitlines()]
        crossed = {event["id"] for event in events if event["event"] == "cross" and event["zone"] == "middle"}
        counts = tracked.counts()
        self.assertEqual(counts.keys(), {"middle", "all"})
        self.assertTrue(crossed)
        self.assertEqual(sum(counts["middle"].passages), sum(event["event"] == "cross" for event in events))
        self.assertEqual(counts["all"].entries, sum(event["event"] == "enter" for event in events))
        self.assertEqual(counts["all"].occupancy, 0)  # all have left at the end

    @needs_models
    def test_pictures_of_identities_and_blur(self):
        write_pictures(self.folder / "images")
        images = self.folder / "images"
        for _ in onepass.track(images, TINY_MODEL, config=EVERYTHING, save_crops=self.mine / "crops", crops="all",
                               blur=["star", "circle", "square"], blur_part="upper"):
            pass
        run("track", "--source", images, "--model", TINY_MODEL, *flags(EVERYTHING), "--save-crops", self.theirs / "crops",
            "--crops", "all", "--blur", "star,circle,square", "--blur-part", "upper")
        self.assert_same_files("crops/crops.csv")
        plain = self.folder / "plain"
        list(onepass.track(images, TINY_MODEL, config=EVERYTHING, save_crops=plain, crops="all"))
        blurred = files_of(self.mine / "crops")
        self.assertGreater(len(blurred), 2)
        self.assertTrue(any(picture != blurred[name] for name, picture in files_of(plain).items()))

    @needs_models
    def test_a_memory_keeps_identities_between_runs(self):
        write_pictures(self.folder / "images", 8)
        images = self.folder / "images"
        for turn in range(2):
            rows = [onepass.mot_rows(result.index, result.tracks.records) for result in
                    onepass.track(images, TINY_MODEL, config=EVERYTHING, memory=self.mine / "door.bin")]
            run("track", "--source", images, "--model", TINY_MODEL, *flags(EVERYTHING), "--memory",
                self.theirs / "door.bin", "--save-mot", self.folder / f"{turn}.txt")
            expected = np.loadtxt(self.folder / f"{turn}.txt", delimiter=",", ndmin=2)
            self.assertGreater(len(expected), 0)
            np.testing.assert_array_equal(np.vstack(rows)[:, :2], expected[:, :2])
        self.assert_same_files("door.bin")

    def test_a_page_shows_the_run(self):
        port, tracked = self.with_page(lambda port: onepass.track(CROSSING, detections=DETECTIONS, serve=port))
        with tracked:
            for _ in range(10):
                next(tracked)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=30) as answer:
                self.assertIn("crossing", answer.read().decode())
        with self.assertRaises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)

    def test_an_error_before_the_first_frame_ends_the_services(self):
        port, tracked = self.with_page(lambda port: onepass.track(iter(["no image"]), lambda image: ([], []), serve=port))
        with self.assertRaisesRegex((TypeError, ValueError), r"source\[0\]"):
            next(tracked)
        with self.assertRaises(OSError):  # although `tracked` is kept
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)

    def test_strict_refuses_damage_when_all_is_written(self):
        images = self.folder / "images"
        write_pictures(images)
        (images / "3.bmp").write_bytes((images / "3.bmp").read_bytes()[:60])
        seen, file = [], self.folder / "out.jsonl"
        with self.assertRaisesRegex(RuntimeError, "images: frames are .*, which strict does not allow"):
            for result in onepass.track(images, lambda image: ([], []), strict=True, save_jsonl=file):
                seen.append(result.index)
        self.assertEqual(len(file.read_text().splitlines()), len(seen))
        self.assertGreaterEqual(len(seen), 5)

    def test_errors_are_those_of_the_program(self):
        given = dict(source=CROSSING, detections=DETECTIONS)
        cases = [
            (dict(given, save_crop="x"), r"unknown keyword 'save_crop' \(did you mean 'save_crops'\?\)"),
            (dict(given, crops="all"), r"^crops has no effect without save_crops$"),
            (dict(given, save_crops=self.folder / "x", crops="worst"), r"^crops: "),
            (dict(given, save_tracks=self.folder / "x", format="pascal"), r"^format: 'pascal' is not a format"),
            (dict(given, save_tracks=self.folder / "x", format="parquet"), r"python3 -m onepass.parquet"),
            (dict(given, save_mot=self.folder / "x", blur=True), r"^blur has no effect without an output that has pictures"),
            (dict(given, save_mot=self.folder / "x", interpolate=0), r"^interpolate: "),
            (dict(given, save_counts=self.folder / "x"), r"^save_counts needs zones, a file"),
            (dict(given, serve_token_file="x", save_mot=self.folder / "x"), r"^serve_token_file has no effect without serve$"),
            (dict(given, memory=self.folder / "x"), r"^memory needs the embeddings of a model$"),
            (dict(given, save_mot=DETECTIONS), r"det\.txt: this output is also an input$"),
            (dict(given, save_mot=self.folder / "x", save_jsonl=self.folder / "x"), r"two outputs would be written"),
            (dict(given, jobs=2), r"unknown keyword 'jobs'"),
            (dict(source="0", model=lambda image: ([], []), live=True, interpolate=5, save_mot=self.folder / "x"),
             r"^interpolate needs future frames; it cannot be used with live$"),
        ]
        for arguments, message in cases:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                onepass.track(**arguments)
        with self.assertRaisesRegex(RuntimeError, r"none\.yaml"):
            onepass.track(**given, zones=self.folder / "none.yaml")
        self.assertEqual([path.name for path in self.folder.iterdir() if path.is_file()], ["zones.yaml"])

    def test_errors_keep_what_the_user_wrote(self):
        for name in ("a--crops.txt", "x --fps-max y.txt", "--crops.txt", "a=--crops/x.txt"):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("")
            with self.subTest(name), self.assertRaises(ValueError) as refused:
                onepass.track(CROSSING, detections=DETECTIONS, save_mot=path)
            self.assertIn(f"{path}: this file already exists; use overwrite", str(refused.exception))


if __name__ == "__main__":
    unittest.main()
