"""The driver of ray_track.py: gives units to workers, and writes what became of them."""
import collections
import json
import pathlib
import posixpath
import sys
import time

import track_locations
import track_worker
from track_locations import file_system, is_url, without_credentials
from track_worker import TRY_AGAIN


class Progress:
    """Counts, and a line about once a second on a terminal, otherwise every half minute."""

    def __init__(self, count):
        self.count, self.ended, self.begin, self.shown = count, 0, time.monotonic(), 0.0

    def add(self, text=""):
        self.ended += 1
        if text:
            print(("\r\033[K" if sys.stderr.isatty() else "") + text, file=sys.stderr)
        now = time.monotonic()
        if now - self.shown < (1 if sys.stderr.isatty() else 30):
            return
        self.shown = now
        left_s = (now - self.begin) * (self.count - self.ended) / self.ended
        line = f"{self.ended} of {self.count} units, about {left_s / 60:.0f} min left"
        before, after = ("\r\033[K", "") if sys.stderr.isatty() else ("", "\n")
        print(before + line, end=after, file=sys.stderr, flush=True)


class Batch:
    """Gives units to workers, one at a time each, until every unit has ended."""

    def __init__(self, ray, options, units):
        self.ray, self.options = ray, options
        for module in (track_locations, track_worker):  # the machines of the workers do not have these files
            ray.cloudpickle.register_pickle_by_value(module)
        self.waiting = collections.deque(range(len(units)))
        self.results = [{**unit, "source": without_credentials(unit["source"]), "state": "waiting", "attempts": 0}
                        for unit in units]
        self.units = units
        self.calls = {}  # reference of a call: (worker, unit or None while it starts)
        self.idle = []  # workers that have nothing left to do
        self.progress = Progress(len(units))

    def start_worker(self):
        options = self.options
        actor = self.ray.remote(track_worker.Worker).options(num_cpus=options.cpus, num_gpus=options.gpus,
                                                             max_restarts=0)
        worker = actor.remote([options.onepass, "track", *options.track], options.save, options.out)
        # Units are given only to workers that run: one without resources may never start.
        self.calls[worker.ready.remote()] = (worker, None)

    def give(self, worker):
        if not self.waiting:
            self.idle.append(worker)
            return
        index = self.waiting.popleft()
        self.results[index]["attempts"] += 1
        self.calls[worker.track.remote(self.units[index])] = (worker, index)

    def run(self):
        for _ in range(min(self.options.workers, len(self.units))):
            self.start_worker()
        while any(index is not None for _, index in self.calls.values()) or self.waiting:
            done, _ = self.ray.wait(list(self.calls), num_returns=1)
            worker, index = self.calls.pop(done[0])
            try:
                answer = self.ray.get(done[0])
            except self.ray.exceptions.RayActorError:  # its node is lost, or its process was killed
                if index is not None:
                    self.end(index, {"state": "failed", "exit_code": 75, "message": "the worker was lost"})
                # Idle workers keep their CPUs: another one may have no place.
                self.give(self.idle.pop()) if self.idle else self.start_worker()
                continue
            if index is not None:
                self.end(index, answer)
            self.give(worker)
        closing = [worker.close.remote() for worker in self.idle]  # they leave no folders behind
        self.ray.wait(closing, num_returns=len(closing), timeout=10)

    def end(self, index, answer):
        result = self.results[index]
        result.update(answer, unit=self.units[index]["unit"])
        name = result["unit"] + (f", piece {result['piece']}" if "piece" in result else "")
        if result.pop("fatal", False):
            raise RuntimeError(result["message"])
        if result["exit_code"] in TRY_AGAIN and result["attempts"] <= self.options.retries:
            print(f"{name}: {result['message']}; tried again", file=sys.stderr)
            self.waiting.append(index)
            return
        failed = result["exit_code"] != 0
        self.progress.add(f"{name}: failed: {result['message']}" if failed else "")


def write_batch(batch, out):
    """Writes the merged manifest: the result of every unit, with its own manifest."""
    for result in batch.results:
        if result.get("exit_code") == 0 and result.get("manifest"):
            files, path = file_system(result["manifest"]) if is_url(out) else (None, result["manifest"])
            with (files.open(path, "rb") if files else open(path, "rb")) as manifest:
                result["manifest"] = json.load(manifest)
    counts = collections.Counter(result["state"] for result in batch.results)
    text = json.dumps({"format": "onepass batch", "version": 1, "counts": counts, "units": batch.results}, indent=1)
    if is_url(out):
        files, folder = file_system(out)
        files.makedirs(folder, exist_ok=True)
        files.pipe_file(posixpath.join(folder, "batch.json"), text.encode())
    else:
        part = pathlib.Path(out, "batch.json.part")
        part.write_text(text + "\n", encoding="utf-8")
        part.rename(pathlib.Path(out, "batch.json"))
