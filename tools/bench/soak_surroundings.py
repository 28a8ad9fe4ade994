"""What surrounds the program in live_soak.py --everything: a broker that is restarted, viewers of the page that come and
go, clients that misbehave, and recordings that are removed when they are old."""
import http.client
import random
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.request

ZONES = """zones:
  - name: middle
    line: [[0.5, 0.0], [0.5, 1.0]]
  - name: left
    polygon: [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
    alone: 30
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """A mosquitto that keeps its port across restarts."""

    def __init__(self, folder):
        self.port, self.folder, self.restarts = free_port(), folder, 0
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        (folder / "mosquitto.conf").write_text(f"listener {self.port} 127.0.0.1\npersistence false\nallow_anonymous true\n")
        self.command = [program, "-c", str(folder / "mosquitto.conf")]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Surroundings(threading.Thread):
    """Each viewer opens a view, the stream of tracks or some pages, keeps it for a while, and leaves."""

    def __init__(self, folder, cameras, chance):
        super().__init__(daemon=True)
        self.folder, self.cameras, self.chance = folder, cameras, chance
        self.port, self.broker = free_port(), Broker(folder)
        self.counts = {"views": 0, "streams": 0, "pages": 0, "failed": 0, "misbehaved": 0, "broker restarts": 0}
        self.stopping = threading.Event()
        (folder / "zones.yaml").write_text(ZONES)

    def options(self):
        """Options of the program: all outputs and services, and thresholds with which the test's model detects."""
        folder = self.folder
        return ["--conf", "0.001", "--iou", "0.3", "--tracker.birth_score", "0.001", "--tracker.confirm_score_sum", "0",
                "--save-video", f"{folder}/", "--segment", "1min", "--events", folder / "events.jsonl", "--event-crops",
                "--serve", self.port, "--mqtt", f"mqtt://127.0.0.1:{self.broker.port}", "--mqtt-discovery", "homeassistant",
                "--zones", folder / "zones.yaml", "--save-counts", f"{folder}/", "--save-heatmap", f"{folder}/",
                "--memory", folder / "memory", "--memory-scope", "run"]

    def run(self):
        viewers = [threading.Thread(target=self.view, args=(path,), daemon=True)
                   for path in ["/view.mjpg?camera=0", "/view.mjpg", "/api/tracks"]]
        for thread in viewers + [threading.Thread(target=self.read_pages, daemon=True)]:
            thread.start()
        next_restart = time.monotonic() + 60
        while not self.stopping.wait(10):
            self.misbehave()
            self.remove_old_recordings()
            if time.monotonic() >= next_restart:
                self.broker.stop()
                self.stopping.wait(self.chance.uniform(0, 20))
                self.broker.start()
                self.counts["broker restarts"] += 1
                next_restart = time.monotonic() + self.chance.uniform(120, 600)

    def view(self, path):
        chance = random.Random(path)
        while not self.stopping.wait(chance.uniform(1, 10)):
            self.counts["streams" if "tracks" in path else "views"] += 1
            until = time.monotonic() + chance.uniform(5, 60)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                    while time.monotonic() < until and answer.read1(65536):
                        pass
            except (OSError, http.client.HTTPException):
                self.counts["failed"] += 1

    def read_pages(self):
        paths = ["/", "/api/health", "/api/history", "/metrics"] + [f"/heat.jpg?camera={i}" for i in range(self.cameras)]
        while not self.stopping.wait(5):
            for path in paths:
                self.get(path)
            shots = re.findall(r'"shot":"([^"]+)"', self.get("/api/identities").replace(" ", ""))
            for shot in shots[:5]:
                self.get("/" + shot)

    def get(self, path):
        self.counts["pages"] += 1
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.counts["failed"] += 1
            return ""

    def misbehave(self):
        """A request that never ends, one that is no request, and a view that nobody reads."""
        kind = self.chance.choice([b"GET / HTTP/1.1\r\nHost:", b"\x16\x03\x01\x02\x00\x01" * 50,
                                   b"GET /view.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                                   b"GET / HTTP/1.1\r\nX: " + b"x" * 20000])
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                client.sendall(kind)
                self.stopping.wait(3)
            self.counts["misbehaved"] += 1
        except (OSError, http.client.HTTPException):
            self.counts["failed"] += 1

    def remove_old_recordings(self):
        for video in self.folder.glob("*.mp4"):
            if time.time() - video.stat().st_mtime > 600:
                video.unlink(missing_ok=True)

    def stop(self):
        self.stopping.set()
        self.join(30)
        self.broker.stop()
