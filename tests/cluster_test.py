"""Tests batches on engines: Ray, Slurm, Kubernetes and GNU parallel around the same unit, and the schema of manifests.

Needs the environment variables ONEPASS_PROGRAM, ONEPASS_SOURCE (the repository) and ONEPASS_CROSSING (what write_crossing
wrote). Tests of engines that are not installed are skipped.
"""
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types
import unittest

PROGRAM = os.environ["ONEPASS_PROGRAM"]
SOURCE = pathlib.Path(os.environ["ONEPASS_SOURCE"])
CROSSING = pathlib.Path(os.environ["ONEPASS_CROSSING"])
CLUSTER = SOURCE / "tools" / "cluster"
sys.path.insert(0, str(CLUSTER))

import track_batch
import track_locations
import track_units
import track_worker


def has(module):
    return importlib.util.find_spec(module) is not None


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=120,
                          **options)


class InFolder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def sequences(self, count):
        """Copies of the crossing scene, and the result of tracking it without units."""
        for i in range(count):
            shutil.copytree(CROSSING, self.folder / "videos" / f"s{i:02}")
        run([PROGRAM, "track", "--source", CROSSING, "--detections", CROSSING / "det/det.txt", "--save-mot",
             self.folder / "expected.txt"])
        self.expected = (self.folder / "expected.txt").read_bytes()
        return [self.folder / "videos" / f"s{i:02}" for i in range(count)]

    def list_of(self, sources):
        """A list of units that replay their own detections; those of a file are those of the crossing scene."""
        path = self.folder / "list.jsonl"
        units = [{"unit": source.stem, "source": str(source),
                  "detections": str((source if source.is_dir() else CROSSING) / "det/det.txt")} for source in sources]
        path.write_text("".join(json.dumps(unit) + "\n" for unit in units))
        return path

    def expect_all(self, sequences, out):
        for sequence in sequences:
            self.assertEqual((out / f"{sequence.name}.txt").read_bytes(), self.expected, sequence.name)
            manifest = json.loads((out / f"{sequence.name}.manifest.json").read_text())
            self.assertEqual((manifest["unit"], manifest["frames"]), (sequence.name, 100))


class Schemas(InFolder):
    @unittest.skipUnless(has("jsonschema"), "python3-jsonschema is not installed")
    def test_manifests_fit_their_schema(self):
        import jsonschema
        schema = json.loads((SOURCE / "docs/schemas/manifest-1.schema.json").read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        command = [PROGRAM, "track", "--source", CROSSING, "--detections", CROSSING / "det/det.txt", "--save-jsonl",
                   f"{self.folder}/", "--manifest", f"{self.folder}/"]
        self.assertEqual(run(command).returncode, 0)
        self.assertEqual(run([*command, "--split", "1s", "--overlap", "0.5s", "--shard", "1/3"]).returncode, 0)
        manifests = list(self.folder.rglob("*.manifest.json"))
        self.assertEqual(len(manifests), 2)
        for path in manifests:
            manifest = json.loads(path.read_text())
            jsonschema.validate(manifest, schema)
            del manifest["frames"]
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(manifest, schema)


    @unittest.skipUnless(has("jsonschema"), "python3-jsonschema is not installed")
    def test_the_result_of_a_batch_fits_its_schema(self):
        import jsonschema
        read = lambda name: json.loads((SOURCE / "docs/schemas" / name).read_text())
        schema, manifest = read("batch-1.schema.json"), read("manifest-1.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        schema["$defs"]["manifest"] = manifest  # found by its $id
        validator = jsonschema.Draft202012Validator(schema)
        out = self.folder / "out"
        worker = track_worker.Worker([PROGRAM, "track", "--detections", str(CROSSING / "det/det.txt")], ["mot"], str(out))
        self.addCleanup(worker.close)
        results = []
        for name, source in (("good", str(CROSSING)), ("good", str(CROSSING)), ("bad", str(self.folder / "none.mp4"))):
            unit = {"unit": name, "source": source}
            results.append({**unit, "attempts": 1, **worker.track(unit)})
        results.append({"unit": "later", "source": "x.mp4", "state": "waiting", "attempts": 0})
        track_batch.write_batch(types.SimpleNamespace(results=results), str(out))
        batch = json.loads((out / "batch.json").read_text())
        self.assertEqual(batch["counts"], {"finished": 1, "skipped": 1, "failed": 1, "waiting": 1})
        validator.validate(batch)
        described = schema["$defs"]["unit"]["properties"].keys()
        self.assertLessEqual({key for unit in batch["units"] for key in unit}, described)
        del batch["units"][0]["manifest"]["frames"]
        with self.assertRaises(jsonschema.ValidationError):
            validator.validate(batch)


class Sources(InFolder):
    def test_folders_lists_and_names(self):
        for name in ["a/cam.mp4", "b/cam.mp4", "b/notes.txt", "c/seqinfo.ini", "c/img1/1.jpg", "d/1.jpg", "d/2.jpg", "e.MKV"]:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).touch()
        found = track_units.sources_of(str(self.folder))
        self.assertEqual([os.path.relpath(path, self.folder) for path in found], ["a/cam.mp4", "b/cam.mp4", "c", "d", "e.MKV"])
        names = [unit["unit"] for unit in track_units.units_of(found)]
        self.assertEqual(names[2:], ["c", "d", "e"])
        self.assertTrue(names[0].endswith("a-cam") and names[1].endswith("b-cam"), names)
        (self.folder / "list.txt").write_text("# two\nx.mp4\n\ny.mp4\n")
        self.assertEqual(track_units.sources_of(str(self.folder / "list.txt")), ["x.mp4", "y.mp4"])
        (self.folder / "empty").mkdir()
        with self.assertRaisesRegex(track_locations.UsageError, "no videos"):
            track_units.sources_of(str(self.folder / "empty"))
        with self.assertRaisesRegex(track_locations.UsageError, "given twice"):
            track_units.units_of(["x.mp4", "x.mp4"])

    def test_passwords_are_not_written(self):
        shown = track_locations.without_credentials
        self.assertEqual(shown("https://me:secret@host/a.mp4?signature=secret"), "https://host/a.mp4")
        self.assertEqual(shown("/videos/a@b?.mp4"), "/videos/a@b?.mp4")

    @unittest.skipUnless(has("fsspec"), "fsspec is not installed")
    def test_prefixes_of_stores(self):
        import fsspec
        store = fsspec.filesystem("memory")
        for name in ["/bucket/a/1.mp4", "/bucket/2.mov", "/bucket/3.txt"]:
            store.pipe_file(name, b"x")
        self.addCleanup(store.rm, "/bucket", recursive=True)
        self.assertEqual(track_units.sources_of("memory://bucket"),
                         ["memory:///bucket/2.mov", "memory:///bucket/a/1.mp4"])
        self.assertEqual(track_units.sources_of("memory://bucket/2.mov"), ["memory://bucket/2.mov"])

    @unittest.skipUnless(has("fsspec"), "fsspec is not installed")
    def test_a_worker_copies_from_and_to_a_store(self):
        import fsspec
        store = fsspec.filesystem("memory")
        self.addCleanup(store.rm, "/tracks", recursive=True)
        video = self.folder / "1.mkv"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=30:duration=1",
                        video], check=True)
        store.pipe_file("/videos/1.mkv", video.read_bytes())
        worker = track_worker.Worker([PROGRAM, "track", "--detections", str(CROSSING / "det/det.txt")], ["mot"],
                                     "memory://tracks")
        self.addCleanup(worker.close)
        unit = {"unit": "one", "source": "memory://videos/1.mkv"}
        first = worker.track(unit)
        self.assertEqual((first["state"], first["manifest"]), ("finished", "memory://tracks/one.manifest.json"), first)
        manifest = json.loads(store.cat_file("/tracks/one.manifest.json"))
        self.assertEqual((manifest["frames"], manifest["outputs"][0]["bytes"]), (30, store.size("/tracks/one.txt")))
        self.assertEqual(worker.track(unit)["state"], "skipped")
        store.pipe_file("/tracks/one.txt", b"damaged")
        self.assertEqual(worker.track(unit)["state"], "finished")
        self.assertEqual(worker.track({"unit": "x", "source": "memory://videos/none.mp4"})["exit_code"], 1)


@unittest.skipUnless(has("ray"), "Ray is not installed")
class Ray(InFolder):
    def ray_track(self, *arguments):
        return run([sys.executable, CLUSTER / "ray_track.py", *arguments])

    def test_every_video_once_although_a_node_is_lost(self):
        from ray.cluster_utils import Cluster
        sequences = self.sequences(12)
        started = self.folder / "started"
        slow = self.folder / "slow_onepass"  # half a second for every unit
        slow.write_text(f"#!/bin/sh\nwhile IFS= read -r line; do sleep 0.5; echo \"$line\" >>{started}; echo \"$line\"; done "
                        f"| '{PROGRAM}' \"$@\"\n")
        slow.chmod(0o755)
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
        self.addCleanup(cluster.shutdown)
        nodes = [cluster.add_node(num_cpus=1) for _ in range(3)]
        cluster.wait_for_nodes()

        def lose_a_node():
            while not started.exists() or len(started.read_text().splitlines()) < 4:
                time.sleep(0.05)
            cluster.remove_node(nodes[1], allow_graceful=False)

        loser = threading.Thread(target=lose_a_node)
        loser.start()
        out = self.folder / "out"
        arguments = ["--units", self.list_of(sequences), "--out", out, "--address", cluster.address, "--workers", "3"]
        result = self.ray_track(*arguments, "--onepass", slow)
        loser.join()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.expect_all(sequences, out)
        batch = json.loads((out / "batch.json").read_text())
        self.assertEqual(len(batch["units"]), 12)
        self.assertEqual(sum(unit["manifest"]["frames"] for unit in batch["units"]), 1200)
        self.assertGreater(max(unit["attempts"] for unit in batch["units"]), 1, "a unit was lost with its node")
        self.assertEqual(list(out.glob("*.lock")), [])
        again = self.ray_track(*arguments, "--onepass", PROGRAM)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(json.loads((out / "batch.json").read_text())["counts"], {"skipped": 12})

    def test_a_benchmark(self):
        data = self.folder / "data"
        for name in ["MOT17-91", "MOT17-92"]:
            shutil.copytree(CROSSING, data / name)
        results = []
        for engine in ["local", "ray"]:
            done = run([PROGRAM, "benchmark", "--data", data, "--detections", "public", "--out", self.folder, "--name", engine,
                        "--engine", engine, "--jobs", "2"], env={**os.environ, "ONEPASS_PYTHON": sys.executable})
            self.assertEqual(done.returncode, 0, done.stderr)
            results.append([(self.folder / engine / "data" / f"{path.name}.txt").read_bytes() for path in data.iterdir()])
        self.assertEqual(*results)

    def test_failures_pieces_and_wrong_use(self):
        sequences = self.sequences(2)
        (self.folder / "videos/broken.mp4").write_text("no video")
        out = self.folder / "out"
        tracked = ["--onepass", PROGRAM, "--workers", "2"]
        all_units = self.list_of([*sequences, self.folder / "videos/broken.mp4"])
        result = self.ray_track("--units", all_units, "--out", out, *tracked)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("broken: failed: ", result.stderr)
        self.assertIn("2 of 3 units tracked", result.stderr)
        self.expect_all(sequences, out)
        pieces = self.ray_track("--units", self.list_of(sequences[:1]), "--out", out / "split", "--split", "1s", "--overlap",
                                "0.5s", *tracked)
        self.assertEqual(pieces.returncode, 0, pieces.stderr)
        self.assertIn("ids from 3 pieces", pieces.stderr)
        manifest = json.loads((out / "split/s00.manifest.json").read_text())
        self.assertEqual((manifest["frames"], manifest["identities"]), (100, 3))
        wrong = self.ray_track(sequences[0], "--out", out, "--onepass", PROGRAM, "--", "--model", "/none.pt")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("/none.pt", wrong.stderr.splitlines()[-1])


    @unittest.skipUnless(has("fsspec"), "fsspec is not installed")
    def test_from_and_to_a_store(self):
        """memory:// is of one process; file:// takes the same way to and from the workers."""
        store, out = self.folder / "store", self.folder / "tracks"
        (store / "monday").mkdir(parents=True)
        run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=960x540:rate=30:duration=1",
             store / "monday/gate.mkv"])
        (store / "monday/notes.txt").write_text("no video")
        zones = self.folder / "zones.yaml"
        zones.write_text("zones:\n  - {name: middle, line: [[0.5, 0], [0.5, 1]]}\n")

        def track():
            done = self.ray_track(f"file://{store}/monday", "--out", f"file://{out}", "--save", "mot,tracks,crops,counts,events",
                                  "--onepass", PROGRAM, "--workers", "1", "--", "--detections", CROSSING / "det/det.txt",
                                  "--format", "coco", "--zones", zones)
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads((out / "batch.json").read_text())

        unit = track()["units"][0]
        self.assertEqual((unit["unit"], unit["source"], unit["state"]), ("gate", f"file://{store}/monday/gate.mkv", "finished"))
        run([PROGRAM, "track", "--source", store / "monday/gate.mkv", "--detections", CROSSING / "det/det.txt", "--save-mot",
             self.folder / "expected.txt"])
        self.assertEqual((out / "gate.txt").read_bytes(), (self.folder / "expected.txt").read_bytes())
        kinds = {output["kind"]: output["file"] for output in unit["manifest"]["outputs"]}
        self.assertEqual(set(kinds), {"mot", "tracks", "crops", "counts", "events"})
        self.assertTrue((out / "gate/crops.csv").exists(), list(out.rglob("*")))
        self.assertEqual(track()["counts"], {"skipped": 1}, "outputs that are folders are recognized, too")


class WithoutRay(InFolder):
    def test_is_one_line(self):
        (self.folder / "ray.py").write_text("raise ImportError('no ray')\n")
        result = run([sys.executable, CLUSTER / "ray_track.py", "a.mp4", "--out", self.folder / "out"],
                     env={**os.environ, "PYTHONPATH": str(self.folder)})
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r"^ray_track.py: Ray is not installed for this Python: [^\n]*\n$")


@unittest.skipUnless(shutil.which("parallel"), "GNU parallel is not installed")
class Parallel(InFolder):
    def test_shards(self):
        sequences = self.sequences(4)
        command = (f"seq 3 | parallel -j2 --retries 3 '{PROGRAM}' track --units {self.list_of(sequences)} "
                   f"--shard '{{}}/3' --save-mot {self.folder}/out/ --skip-existing")
        result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.expect_all(sequences, self.folder / "out")


@unittest.skipUnless(all(map(shutil.which, ["munged", "slurmctld", "slurmd", "sbatch"])) and os.getuid() == 0,
                     "slurm-wlm and munge are not installed, or this is not root")
class Slurm(InFolder):
    CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmdPort={next}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
ReturnToService=2
JobRequeue=1
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES State=UP
"""

    def start(self, *command):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def wait_for(self, condition, what):
        for _ in range(600):
            if condition():
                return
            time.sleep(0.1)
        logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in self.folder.glob("*.log"))
        self.fail(f"{what}\n{logs}")

    def setUp(self):
        super().setUp()
        import socket
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1] // 2 * 2
        host = os.uname().nodename.split(".")[0]
        (self.folder / "slurm.conf").write_text(self.CONFIGURATION.format(
            host=host, port=port, next=port + 1, folder=self.folder, cpus=os.cpu_count()))
        for name in ["state", "spool"]:
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        (self.folder / "munge.key").write_bytes(os.urandom(128))
        (self.folder / "munge.key").chmod(0o600)
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf"), "ONEPASS": PROGRAM}
        self.start("munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket",
                   f"--key-file={self.folder}/munge.key", f"--pid-file={self.folder}/munged.pid",
                   f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/munged.seed")
        self.wait_for((self.folder / "munge.socket").exists, "munged does not start")
        self.start("slurmctld", "-D", "-i")
        self.start("slurmd", "-D", "-N", host)
        self.wait_for(lambda: "idle" in run(["sinfo", "-h", "-o", "%T"], env=self.environment).stdout, "the node is not idle")

    def test_an_array_job(self):
        sequences = self.sequences(5)
        out = self.folder / "out"
        submitted = run(["sbatch", "--wait", "--array=1-3", f"--output={self.folder}/%a.log", CLUSTER / "slurm_track.sh",
                         self.list_of(sequences), out], env=self.environment)
        logs = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("?.log"))
        self.assertEqual(submitted.returncode, 0, submitted.stderr + logs)
        self.expect_all(sequences, out)


class Kubernetes(unittest.TestCase):
    @unittest.skipUnless(has("kubernetes_validate"), "kubernetes-validate is not installed")
    def test_the_job_fits_its_schema(self):
        import kubernetes_validate
        import yaml
        job = yaml.safe_load((CLUSTER / "kubernetes_job.yaml").read_text())
        kubernetes_validate.validate(job, "1.30", strict=True)
        job["spec"]["completion"] = 3
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(job, "1.30", strict=True)

    def test_the_command_is_valid(self):
        """Runs the command of the file for one index, with another data folder."""
        text = (CLUSTER / "kubernetes_job.yaml").read_text()
        begin, end = text.index("exec onepass"), text.index("env:")
        command = " ".join(text[begin:end].split())
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "videos.txt").write_text(f"{CROSSING}\n")
            pathlib.Path(folder, "onepass").symlink_to(PROGRAM)
            command = command.replace("/data", folder).replace(f"--model {folder}/yolov8n.pt --detector.threads 4",
                                                               f"--detections {CROSSING}/det/det.txt")
            done = run(["sh", "-c", command], env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}",
                                                   "JOB_COMPLETION_INDEX": "0", "SHARES": "12"})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(pathlib.Path(folder, "results/crossing.manifest.json").exists(), os.listdir(folder))


if __name__ == "__main__":
    unittest.main()
