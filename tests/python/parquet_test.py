"""Conversions to Parquet and back; skipped without pyarrow."""
import os
import pathlib
import subprocess
import sys
import unittest
import unittest.mock

import onepass.parquet
from package import CROSSING, InFolder, PROGRAM, run

try:
    import pyarrow.parquet
except ImportError:
    pyarrow = None

TRUTH = """frame,id,class,class_name,left,top,width,height,score,crowd,ignored
1,4,1,person,10.5,5,8.25,8,0.5,0,0
1,-1,2,NA,30,5,9,9,,1,0
3,4,1,person,12.000001,5,8,8,1,0,1
"""


PLACES = os.pathsep.join((str(pathlib.Path(PROGRAM).parent), os.environ["PATH"]))


def parquet(*words, status=0):
    """Runs the command, with the program on the PATH; returns what it says."""
    done = subprocess.run([sys.executable, "-m", "onepass.parquet", *map(str, words)], capture_output=True, text=True,
                          env={**os.environ, "PATH": PLACES})
    assert done.returncode == status, done.stderr
    return done.stderr


@unittest.skipUnless(pyarrow, "pyarrow is not installed")
class ParquetTest(InFolder):
    def setUp(self):
        super().setUp()
        (self.folder / "truth.csv").write_text(TRUTH)

    def test_round_trip_of_a_table(self):
        parquet(self.folder / "truth.csv", self.folder / "truth.parquet")
        table = pyarrow.parquet.read_table(self.folder / "truth.parquet")
        self.assertEqual([str(kind) for kind in table.schema.types],
                         ["int64", "int64", "int32", "string"] + 5 * ["double"] + 2 * ["bool"])
        self.assertEqual(table.column("score").to_pylist(), [0.5, None, 1])
        self.assertEqual(table.column("class_name").to_pylist(), ["person", "NA", "person"])
        self.assertEqual(table.column("crowd").to_pylist(), [False, True, False])
        parquet(self.folder / "truth.parquet", self.folder / "back.csv")
        self.assertEqual((self.folder / "back.csv").read_text(), TRUTH)

    def test_tracks_of_the_program(self):
        run("track", "--source", CROSSING, "--detections", CROSSING / "det" / "det.txt", "--save-jsonl",
            self.folder / "t.jsonl", "--save-mot", self.folder / "t.txt")
        parquet(self.folder / "t.jsonl", self.folder / "t.parquet")
        parquet(self.folder / "t.parquet", self.folder / "back.txt")
        rows = [line.split(",")[:7] for line in (self.folder / "t.txt").read_text().splitlines()]
        back = [line.split(",")[:7] for line in (self.folder / "back.txt").read_text().splitlines()]
        self.assertGreater(len(rows), 100)
        self.assertEqual([list(map(float, row)) for row in back], [list(map(float, row)) for row in rows])

    def test_options_of_convert(self):
        said = parquet(self.folder / "truth.csv", self.folder / "one.parquet", "--classes", "person")
        self.assertIn("csv to csv: 2 boxes", said)
        parquet(self.folder / "one.parquet", self.folder / "one.xml")
        self.assertIn('label="person"', (self.folder / "one.xml").read_text())

    def test_mistakes_are_one_line(self):
        target = self.folder / "t.parquet"
        said = parquet(self.folder / "none.csv", target, status=1)
        self.assertRegex(said, r"^onepass: .*none\.csv: .*No such file.*\n$")
        self.assertIn("must end with .parquet", parquet(self.folder / "truth.csv", self.folder / "x.csv", status=1))
        target.write_text("no table")
        self.assertRegex(parquet(self.folder / "truth.csv", target, status=1), "already exists; see --overwrite\n$")
        self.assertRegex(parquet(target, self.folder / "x.csv", status=1), r"^onepass: .*t\.parquet: .*\n$")
        parquet(self.folder / "truth.csv", target, "--overwrite")
        self.assertEqual(pyarrow.parquet.read_table(target).num_rows, 3)
        table = pyarrow.table({"frame": [1], "id": [1]})
        pyarrow.parquet.write_table(table, target)
        self.assertIn("no column 'class'; expected frame,id,class,class_name,left",
                      parquet(target, self.folder / "x.csv", status=1))

    def test_errors_name_the_file_of_the_user(self):
        parquet(self.folder / "truth.csv", self.folder / "t.parquet")
        table = pyarrow.parquet.read_table(self.folder / "t.parquet")
        below = table.set_column(0, "frame", pyarrow.array([-1, 1, 2], pyarrow.int64()))
        pyarrow.parquet.write_table(below, self.folder / "t.parquet")
        said = parquet(self.folder / "t.parquet", self.folder / "x.xml", status=1)
        self.assertTrue(said.startswith(f"onepass: {self.folder / 't.parquet'}:2: "), said)

    def test_a_failed_write_leaves_nothing(self):
        target = self.folder / "t.parquet"
        target.mkdir()
        self.assertIn("t.parquet", parquet(self.folder / "truth.csv", target, "--overwrite", status=1))
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"truth.csv", "t.parquet"})

    def test_a_file_made_meanwhile_is_kept(self):
        target = self.folder / "t.parquet"
        convert = onepass.parquet._run_convert

        def convert_slowly(*arguments):
            convert(*arguments)
            target.write_text("made meanwhile")

        slowly = unittest.mock.patch("onepass.parquet._run_convert", convert_slowly)
        with slowly, unittest.mock.patch.dict(os.environ, PATH=PLACES):
            with self.assertRaisesRegex(ValueError, r"t\.parquet: already exists; see --overwrite"):
                onepass.parquet.convert(self.folder / "truth.csv", target)
        self.assertEqual(target.read_text(), "made meanwhile")
        self.assertFalse((self.folder / "t.parquet.part").exists())


class WithoutPyarrowTest(InFolder):
    def test_the_error_says_how_to_install_it(self):
        (self.folder / "pyarrow.py").write_text("raise ModuleNotFoundError('none', name='pyarrow')\n")
        done = subprocess.run([sys.executable, "-m", "onepass.parquet", "a.csv", "a.parquet"], capture_output=True,
                              text=True, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "onepass: Parquet needs pyarrow; install it with pip install pyarrow\n"))


if __name__ == "__main__":
    unittest.main()
