"""Runs every Python example of the repository, and checks its types and those of the package."""
import ast
import importlib
import pathlib
import subprocess
import sys
import unittest

import numpy as np

import onepass
from package import CROSSING, HAS_MODELS, SOURCE, TINY_MODEL, InFolder, needs_models, track_crossing, write_pictures

EXAMPLES = SOURCE / "examples"


def has_module(name):
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0


class ExamplesTest(InFolder):
    def run_example(self, name, *arguments):
        """Runs an example, and returns what it prints."""
        done = subprocess.run([sys.executable, EXAMPLES / name, *map(str, arguments)], cwd=self.folder,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def eager_file(self):
        """A configuration with which the random weights of the tiny model detect and track something."""
        file = self.folder / "eager.yaml"
        file.write_text("detector: {conf: 0.001, iou: 0.3, imgsz: 160, max_det: 7, threads: 1}\n"
                        "tracker: {birth_score: 0.001, confirm_score_sum: 0}\n")
        return file

    def test_each_example_is_tested(self):
        text = pathlib.Path(__file__).read_text()
        for example in EXAMPLES.glob("*.py"):
            self.assertIn(f'run_example("{example.name}"', text)

    @needs_models
    def test_track_video(self):
        write_pictures(self.folder / "images")
        lines = self.run_example("track_video.py", "images", TINY_MODEL, self.eager_file()).splitlines()
        self.assertRegex(lines[0], r"^   0\.00 s  \S+ 1: -?\d+, -?\d+ to \d+, \d+$")
        self.assertRegex(lines[-1], r"^[1-9]\d* identities in 6 frames$")

    def test_own_detector(self):
        self.assertEqual(self.run_example("own_detector.py"),
                         "frame 0: person 1 at 100, 200\nframe 0: person 2 at 900, 200\n"
                         "frame 107: person 1 at 100, 200\nframe 107: person 2 at 900, 200\n2 identities\n")

    def test_evaluate(self):
        lines = self.run_example("evaluate.py", CROSSING, "default", "sort").splitlines()
        self.assertRegex(lines[0], r"^default: HOTA 0\.[89]\d\d, IDF1 (0\.9|1\.0)\d+, MOTA (0\.9|1\.0)\d+, 0 switches$")
        self.assertRegex(lines[1], r"^sort: HOTA 0\.\d+, IDF1 0\.\d+, MOTA 0\.\d+, \d+ switches$")

    def test_count_in_zones(self):
        (self.folder / "zones.yaml").write_text("zones:\n  - {name: middle, line: [[0.39, 0], [0.39, 1]]}\n")
        lines = self.run_example("count_in_zones.py", CROSSING, CROSSING / "det/det.txt", "zones.yaml").splitlines()
        # One person walks from x = 100 to the right, one from x = 700 to the left, and one stands at x = 900.
        self.assertEqual(lines[-1], "middle: [1, 1] crossed, 0 entries, 0 exits")

    @needs_models
    def test_annotate_with_supervision(self):
        if not has_module("supervision") or not has_module("pandas"):
            self.skipTest("supervision or pandas is not installed")
        write_pictures(self.folder / "images")
        self.run_example("annotate_with_supervision.py", "images", TINY_MODEL, "video.mp4", "tracks.csv")
        self.assertTrue((self.folder / "tracks.csv").read_text().startswith("frame,time,id,left,top"))
        # The annotated video can be tracked in turn.
        self.assertEqual(len(list(onepass.track(self.folder / "video.mp4", lambda image: ([], [])))), 6)

    @needs_models
    def test_the_example_of_the_documentation(self):
        text = (SOURCE / "docs/python.md").read_text()
        scripts = [part.split("```")[0] for part in text.split("```python\n")[1:]]
        self.assertGreater(len(scripts), 1)
        (self.folder / "yolov8n.pt").symlink_to(TINY_MODEL)
        (self.folder / "gt.txt").symlink_to(CROSSING / "gt/gt.txt")
        write_pictures(self.folder / "street.mp4")
        np.savetxt(self.folder / "tracks.txt", track_crossing(onepass.Tracker(30)), fmt="%.10g", delimiter=",")
        images = "import numpy\nimages = numpy.random.default_rng(1).integers(0, 255, (3, 96, 160, 3), numpy.uint8)\n"
        for script in scripts:
            done = subprocess.run([sys.executable, "-c", images + script], cwd=self.folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(float(done.stdout.strip().splitlines()[-1]), .8)  # the last one ends with a score


class TypesTest(unittest.TestCase):
    def setUp(self):
        if not has_module("mypy"):
            self.skipTest("mypy is not installed")

    def mypy(self, *arguments):
        done = subprocess.run([sys.executable, "-m", *map(str, arguments)], cwd=SOURCE, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_package_and_examples_have_correct_types(self):
        self.mypy("mypy", "--cache-dir=/dev/null", SOURCE / "src/python/onepass")
        self.mypy("mypy", "--cache-dir=/dev/null", *sorted(EXAMPLES.glob("*.py")))


class StubsTest(unittest.TestCase):
    def stub_names(self, module):
        """The public names of a stub, those of classes with their members: {"Tracker": {"update", ...}, "replay": set()}."""
        def defined(body):
            for node in body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("__"):
                    yield node
        tree = ast.parse((pathlib.Path(onepass.__file__).parent / f"{module}.pyi").read_text())
        return {node.name: {member.name for member in defined(node.body)} if isinstance(node, ast.ClassDef) else set()
                for node in defined(tree.body)}

    def test_stubs_name_what_the_extension_modules_have(self):
        for name in ("_tracker", "_media", "_models"):
            if name == "_models" and not HAS_MODELS:
                continue
            module = importlib.import_module(f"onepass.{name}")
            members = {key: value for key, value in vars(module).items() if not key.startswith("_") and callable(value)}
            runtime = {key: {member for member in vars(value) if not member.startswith("_")}
                       if isinstance(value, type) else set() for key, value in members.items()}
            self.assertEqual(self.stub_names(name), runtime)

    def test_the_public_names_are_documented(self):
        for name in set(onepass.__all__) - {"Detector", "__version__", "track_dtype"}:
            self.assertTrue(getattr(onepass, name).__doc__, name)


if __name__ == "__main__":
    unittest.main()
