"""The worker of ray_track.py: an actor with one process of onepass. Ray sends it to the machines with its code."""
import contextlib
import ctypes
import json
import os
import posixpath
import shutil
import signal
import subprocess
import tempfile

from track_locations import file_system, is_url, without_credentials

TRY_AGAIN = {75, 130}  # exit codes
FLAGS = {kind: f"--save-{kind}" for kind in ("mot", "jsonl", "tracks", "video", "heatmap", "crops", "counts")}
FLAGS["events"] = "--events"


def outputs_in(folder, kinds):
    """The options of onepass for these outputs of all units in a folder."""
    return [word for kind in kinds for word in (FLAGS[kind], folder + "/")]


def die_with_parent():
    """Lets the kernel kill this process when its worker dies, so that it holds no lock on a unit."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Worker:
    """Tracks one unit after the other with one process of onepass, in which the model stays loaded."""

    def __init__(self, command, saved, out):
        self.folder = tempfile.mkdtemp(prefix="onepass-worker-")
        self.remote_out = out if is_url(out) else ""
        self.out = os.path.join(self.folder, "out") if self.remote_out else out
        self.command = [*command, "--units", "-", "--skip-existing", "--manifest", self.out + "/",
                        *outputs_in(self.out, saved)]
        self.process = self.log = None

    def ready(self):
        return os.uname().nodename

    def track(self, unit):
        """Returns the result of a unit, as onepass track --units - prints it."""
        try:
            with self.staged(unit) as local:
                self.fetch_finished(unit)
                result = self.ask(local)
                if result["state"] in ("finished", "skipped"):
                    result["manifest"] = self.deliver(result["manifest"])
                return result
        except Exception as error:  # a store that cannot be reached, a full disk: their errors have no common type
            final = isinstance(error, (FileNotFoundError, PermissionError))
            return {"state": "failed", "exit_code": 1 if final else 75,
                    "message": f"{without_credentials(unit['source'])}: {type(error).__name__}: {error}"}

    def ask(self, unit):
        if self.process is None or self.process.poll() is not None:
            if self.log:
                self.log.close()
            self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8", errors="replace")
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=self.log, text=True, preexec_fn=die_with_parent)
        try:
            self.process.stdin.write(json.dumps(unit) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else self.ended()

    def ended(self):
        """The result of a unit in which the process has ended."""
        code = self.process.wait()
        self.log.seek(0)
        words = [line for line in self.log.read().splitlines() if line]
        killed = code < 0
        message = f"onepass was killed by signal {-code}" if killed else (words or ["onepass has ended"])[-1]
        return {"state": "failed", "exit_code": 75 if killed else code, "message": message,
                "fatal": not killed and code not in TRY_AGAIN}

    @contextlib.contextmanager
    def staged(self, unit):
        """Copies a source of a URL to this machine for the time of its unit."""
        if not is_url(unit["source"]):
            yield unit
            return
        files, path = file_system(unit["source"])
        local = os.path.join(self.folder, "source", posixpath.basename(path))
        try:
            os.makedirs(os.path.dirname(local), exist_ok=True)
            files.get_file(path, local)
            yield {**unit, "source": local}
        finally:
            shutil.rmtree(os.path.dirname(local), ignore_errors=True)

    def fetch_finished(self, unit):
        """Copies the manifest and the outputs that a unit has at the URL, so that onepass can recognize them."""
        if not self.remote_out:
            return
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)
        files, folder = file_system(self.remote_out)
        name = unit["unit"] + ".manifest.json"
        if not files.exists(posixpath.join(folder, name)):
            return
        files.get_file(posixpath.join(folder, name), os.path.join(self.out, name))
        with open(os.path.join(self.out, name), encoding="utf-8") as manifest:
            outputs = [output["file"] for output in json.load(manifest)["outputs"]]
        for output in outputs:  # a file, or a folder of files
            for path in files.find(posixpath.join(folder, posixpath.basename(output))):
                local = os.path.join(self.out, posixpath.relpath(path, folder))
                os.makedirs(os.path.dirname(local), exist_ok=True)
                files.get_file(path, local)

    def deliver(self, manifest):
        """Copies the outputs to the URL, the manifest as the last. Returns the place of the manifest."""
        if not self.remote_out:
            return manifest
        files, folder = file_system(self.remote_out)
        paths = [os.path.join(path, name) for path, _, names in os.walk(self.out) for name in names]
        for path in sorted(paths, key=lambda path: path.endswith(".manifest.json")):
            remote = posixpath.join(folder, os.path.relpath(path, self.out))
            files.makedirs(posixpath.dirname(remote), exist_ok=True)  # stores of objects have no folders to make
            files.put_file(path, remote)
        return posixpath.join(self.remote_out, os.path.basename(manifest))

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
