"""Runs onepass with addresses of Redis in place of files, and checks what it publishes against docs/schemas/*.json.

Usage: store_cli_test.py ONEPASS CROSSING [MODEL [KAFKA_CLUSTER]]     (CROSSING: the folder of write_crossing; MODEL: a
tiny network; KAFKA_CLUSTER: the program that simulates brokers)
Exit code 77: redis-server or python3-jsonschema is missing.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SCHEMAS = pathlib.Path(__file__).resolve().parents[3] / "docs" / "schemas"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Redis:
    def __init__(self, *options):
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.options = options
        self.start()

    def start(self):
        self.process = subprocess.Popen(["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                                         "--dir", self.folder.name, *self.options], stdout=subprocess.DEVNULL)
        while "PONG" not in self.run("PING") and "NOAUTH" not in self.run("PING"):
            time.sleep(.02)

    def run(self, *command):
        return subprocess.run(["redis-cli", "-p", str(self.port), *command], capture_output=True, text=True,
                              check=False).stdout

    def entries(self, stream):
        """The fields of every entry."""
        reply = json.loads(self.run("--json", "XRANGE", stream, "-", "+"))
        return [dict(zip(fields[::2], fields[1::2])) for _, fields in reply]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.kill()
        self.folder.cleanup()


class Kafka:
    """A cluster of brokers in a process of its own."""

    def __init__(self, topic):
        self.process = subprocess.Popen([KAFKA_CLUSTER, topic], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.brokers = self.process.stdout.readline().strip()

    def run(self, command):
        """Returns the lines of the answer."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return list(iter(lambda: self.process.stdout.readline().strip(), ""))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def onepass(*words, **environment):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=100,
                          env={**os.environ, **environment})


def validator(name):
    import jsonschema
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / name).read_text()))


class Publishing(unittest.TestCase):
    def setUp(self):
        self.redis = Redis()
        self.url = f"redis://127.0.0.1:{self.redis.port}"

    def tearDown(self):
        self.redis.stop()

    def test_events_and_tracks_follow_their_schemas(self):
        zones = pathlib.Path(self.redis.folder.name, "zones.yaml")
        zones.write_text("zones:\n  - name: middle\n    line: [[0.5, 0], [0.5, 1]]\n"
                         "  - name: all\n    polygon: [[0.3, 0], [0.7, 0], [0.7, 1], [0.3, 1]]\n")
        done = onepass("track", "--source", CROSSING, "--detections", CROSSING / "det/det.txt", "--events",
                       self.url + "/events", "--save-jsonl", self.url + "/tracks", "--zones", zones)
        self.assertEqual(done.returncode, 0, done.stderr)
        events, frames = self.redis.entries("events"), self.redis.entries("tracks")
        self.assertEqual({entry["schema"] for entry in events}, {"event/1"})
        self.assertEqual({entry["schema"] for entry in frames}, {"frame/1"})
        self.assertEqual({entry["source"] for entry in frames}, {"crossing"})
        kinds = set()
        for entry in events:
            event = json.loads(entry["json"])
            validator("event-1.schema.json").validate(event)
            kinds.add(event["event"])
        self.assertLessEqual({"new", "end", "cross", "enter", "leave"}, kinds)
        indices = []
        for entry in frames:
            frame = json.loads(entry["json"])
            validator("frame-1.schema.json").validate(frame)
            indices.append(frame["index"])
        self.assertEqual(indices, list(range(len(indices))))
        with self.assertRaises(Exception):
            validator("event-1.schema.json").validate({**event, "event": "other"})
        with self.assertRaises(Exception):
            validator("frame-1.schema.json").validate({**frame, "index": -1})

    def test_a_broker_that_is_away_is_told_and_loses_nothing_else(self):
        port = free_port()
        done = onepass("track", "--source", CROSSING, "--detections", CROSSING / "det/det.txt", "--events",
                       f"redis://127.0.0.1:{port}/events", "--save-jsonl", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Connection refused; messages are buffered", done.stderr)
        self.assertIn("messages could not be delivered", done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 50)

    def test_refuses_what_makes_no_sense(self):
        def error_of(*more):
            done = onepass("track", "--source", CROSSING, "--model", "none.pt", *more)
            self.assertEqual(done.returncode, 2, done.stderr)
            return done.stderr
        secret = error_of("--memory", "redis://me:s3cret@host/site")
        self.assertIn("see --redis-password-file", secret)
        self.assertNotIn("s3cret", secret)
        self.assertIn("a name has 1 to 100 letters", error_of("--memory", "redis://host/a b"))
        self.assertIn("identities are shared by redis://", error_of("--memory", "kafka://host/site"))
        self.assertIn("--save-mot writes a file", error_of("--save-mot", "redis://host/tracks"))
        self.assertIn("no effect without --memory redis://", error_of("--require-store"))
        self.assertIn("no effect without a redis:// address", error_of("--redis-password-file", "x"))
        self.assertIn("no effect without a kafka:// address", error_of("--kafka-config", "x"))
        self.assertIn("the topic is missing", error_of("--events", "kafka://host"))

    def test_erasing_needs_a_site_that_exists(self):
        done = onepass("memory", "erase", "--memory", self.url + "/campus", 3)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/campus: there is no such site", done.stderr)
        done = onepass("memory", "erase", "--memory", self.url + "/campus", 0)
        self.assertEqual(done.returncode, 2)


@unittest.skipUnless(len(sys.argv) > 3 and sys.argv[3], "this build runs no models")
class Sharing(unittest.TestCase):
    def setUp(self):
        self.redis = Redis()
        self.site = f"redis://127.0.0.1:{self.redis.port}/campus"
        self.pictures = pathlib.Path(self.redis.folder.name, "door")
        self.pictures.mkdir()
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=128x96:rate=10", "-frames:v",
                        "6", self.pictures / "%d.png"], check=True)

    def tearDown(self):
        self.redis.stop()

    def track(self, *more, **environment):
        return onepass("track", "--source", self.pictures, "--model", MODEL, "--imgsz", "64", "--conf", "0.001", *more,
                       **environment)

    def test_a_second_run_takes_ids_up_where_the_first_ended(self):
        done = self.track("--memory", self.site, "--require-store", "--save-jsonl", "-")
        self.assertEqual(done.returncode, 0, done.stderr)
        ids = {track["id"] for line in done.stdout.splitlines() for track in json.loads(line)["tracks"]}
        self.assertEqual(min(ids), 1)
        self.assertGreaterEqual(int(self.redis.run("GET", "onepass:{campus}:ids")), max(ids))
        stored = self.redis.run("HGETALL", "onepass:{campus}:site")
        self.assertIn("version\n1\n", stored)
        self.assertIn("door", self.redis.run("HKEYS", "onepass:{campus}:statistics"))
        done = self.track("--memory", self.site, "--save-jsonl", "-")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_site_with_embeddings_of_another_model_is_refused(self):
        self.redis.run("HSET", "onepass:{campus}:site", "version", "1", "space", "another model", "epoch", "x")
        done = self.track("--memory", self.site)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/campus: this site has embeddings of another kind: another model", done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()[-1:]), 1)

    def test_a_store_that_cannot_be_reached(self):
        address = f"redis://127.0.0.1:{free_port()}/campus"
        done = self.track("--memory", address)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("/campus: Connection refused; identities are shared when the connection is back", done.stderr)
        done = self.track("--memory", address, "--require-store")
        self.assertEqual(done.returncode, 75, "another attempt may find it")
        self.assertIn("/campus: Connection refused", done.stderr)
        done = onepass("memory", "erase", "--memory", address, 3)
        self.assertEqual(done.returncode, 75)
        self.assertIn("/campus: Connection refused", done.stderr)

    def test_a_wrong_password_is_told_and_not_shown(self):
        guarded = Redis("--requirepass", "right")
        try:
            address = f"redis://127.0.0.1:{guarded.port}/campus"
            done = self.track("--memory", address, ONEPASS_REDIS_PASSWORD="s3cret")
            self.assertEqual(done.returncode, 1)
            self.assertIn("/campus: wrong password", done.stderr)
            self.assertNotIn("s3cret", done.stderr)
            secret = pathlib.Path(guarded.folder.name, "password")
            secret.write_text("right\n")
            done = self.track("--memory", address, "--redis-password-file", secret)
            self.assertEqual(done.returncode, 0, done.stderr)
        finally:
            guarded.stop()


@unittest.skipUnless(len(sys.argv) > 4 and sys.argv[3] and sys.argv[4], "this build runs no models, or has no Kafka")
class Site(unittest.TestCase):
    """Two processes with a camera each; one publishes its tracks to Kafka, both their events to Redis."""

    def setUp(self):
        self.redis = Redis("--appendonly", "yes", "--appendfsync", "always")
        self.kafka = Kafka("tracks")
        self.folder = pathlib.Path(self.redis.folder.name)
        self.programs = []
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=128x96:rate=10:duration=8", "-c:v",
                        "mjpeg", self.folder / "film.avi"], check=True)

    def tearDown(self):
        for program in self.programs:
            program.kill()
            program.wait()
        self.kafka.stop()
        self.redis.stop()

    def watch(self, name, film, *more):
        """Plays the film as a camera, at its own rate."""
        url = f"redis://127.0.0.1:{self.redis.port}"
        cameras = self.folder / f"{name}.yaml"
        cameras.write_text(f"cameras:\n  - {{name: {name}, url: {film}}}\n")
        with open(self.folder / f"{name}.log", "w", encoding="utf-8") as log:
            program = subprocess.Popen(
                [PROGRAM, "track", "--live", "--sources", cameras, "--live-policy", "all", "--read-timeout", "10min",
                 "--open-timeout", "1min", "--model", MODEL, "--imgsz", "64", "--conf", "0.001", "--memory",
                 url + "/campus", "--events", url + "/events", *more], stderr=log)
        self.programs.append(program)
        return program

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    def wait_for(self, condition):
        end = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), end, "this did not happen")
            time.sleep(.05)

    def events_of(self, name):
        return [json.loads(entry["json"]) for entry in self.redis.entries("events") if entry["source"] == name]

    def test_faults_cost_neither_ids_nor_messages(self):
        local, film, door = self.folder / "gate.txt", self.folder / "film.avi", self.folder / "door.avi"
        os.mkfifo(door)
        gate = self.watch("gate", door, "--save-mot", local, "--save-jsonl", f"kafka://{self.kafka.brokers}/tracks")
        yard = self.watch("yard", film)
        content = film.read_bytes()
        first, second = len(content) // 4, len(content) // 2
        rest = open(door, "wb", buffering=0)  # the film of the gate goes on when the test wants it to
        self.addCleanup(rest.close)
        rest.write(content[:first])
        self.wait_for(lambda: self.events_of("gate") and self.events_of("yard"))
        self.redis.kill()
        self.kafka.run("stop")
        yard.kill()  # SIGKILL, while it cannot tell what it knows
        rest.write(content[first:second])
        self.wait_for(lambda: "/campus: " in self.log("gate") and "/events: " in self.log("gate"))
        self.redis.start()
        self.kafka.run("resume")
        again = self.watch("yard", film)
        for what in ("/campus: connected again", "/events: connected again"):
            self.wait_for(lambda: what in self.log("gate"))
        rest.write(content[second:])
        rest.close()
        results = [program.wait() for program in (gate, again)]
        self.assertEqual(results, [0, 0], self.log("gate") + self.log("yard"))
        shown = {}  # ids by frame, as the process has written them to its own disk
        for row in local.read_text().splitlines():
            frame, number = map(int, row.split(",")[:2])
            shown.setdefault(frame, set()).add(number)
        frames = [json.loads(line.split("\t")[1]) for line in self.kafka.run("read tracks 80")]
        self.assertEqual([frame["index"] for frame in frames], list(range(80)), "each once, in order")
        published = {frame["index"] + 1: {track["id"] for track in frame["tracks"]} for frame in frames}
        self.assertEqual({frame: ids for frame, ids in published.items() if ids}, shown)
        events = self.events_of("gate")
        self.assertLessEqual(set.union(*shown.values()), {event["id"] for event in events})
        self.assertEqual({event["event"] for event in events} & {"new", "end"}, {"new", "end"})
        births = {}
        for name in ("gate", "yard"):
            for event in self.events_of(name):
                if event["event"] == "new":
                    births.setdefault(event["id"], set()).add((name, event["time"]))
        self.assertEqual([id for id, places in births.items() if len(places) > 1], [], "an id is new once")


if __name__ == "__main__":
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        print("python3-jsonschema is missing")
        sys.exit(77)
    if not shutil.which("redis-server"):
        print("redis-server is missing")
        sys.exit(77)
    PROGRAM, CROSSING = sys.argv[1], pathlib.Path(sys.argv[2])
    MODEL, KAFKA_CLUSTER = [*sys.argv[3:], None, None][:2]
    unittest.main(argv=sys.argv[:1])
