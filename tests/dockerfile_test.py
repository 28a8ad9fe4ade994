"""Checks the Dockerfile; with a folder, also runs its steps in clean roots of Debian 12, as docker build would.

    dockerfile_test.py                  checks the steps without running them
    dockerfile_test.py --root FOLDER    runs them; needs root, debootstrap, a network and an hour. The roots use this
                                        system's package sources and, if CCACHE_DIR is set, its compiler cache.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
IGNORED = set((SOURCE / ".dockerignore").read_text().split())
OF_THIS_SYSTEM = ("etc/resolv.conf", "etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/apt.conf.d",
                  "etc/apt/keyrings", "etc/pip.conf", "etc/ssl/certs", "usr/local/share/ca-certificates")


def instructions():
    """Pairs such as ("RUN", "apt-get update"), with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (SOURCE / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def stages():
    """[(name, base, instructions)], in order."""
    result = []
    for word, rest in instructions():
        if word == "FROM":
            base, name = re.fullmatch(r"(\S+)(?: AS (\S+))?", rest).groups()
            result.append((name, base, []))
        else:
            result[-1][2].append((word, rest))
    return result


def check():
    assert [base for _, base, _ in stages()] == ["debian:12"] * 2, "both stages are Debian 12"
    known = {"RUN", "COPY", "ENV", "WORKDIR", "ENTRYPOINT", "CMD"}
    presets = {preset["name"] for preset in json.loads((SOURCE / "CMakePresets.json").read_text())["configurePresets"]}
    runs = []
    for _, _, steps in stages():
        for word, rest in steps:
            assert word in known, f"{word} is not an instruction that this test runs"
            if word == "COPY" and not rest.startswith("--from="):
                assert (SOURCE / rest.split()[0]).exists(), f"COPY {rest}: no such file"
            if word in ("ENTRYPOINT", "CMD"):
                json.loads(rest)
            if word == "RUN":
                subprocess.run(["bash", "-n", "-c", rest], check=True)
                runs.append(rest)
    assert any("bash tools/setup.sh build" in command for command in runs), "the build's packages come from setup.sh"
    for command in runs:
        for preset in re.findall(r"--preset (\S+)", command):
            assert preset in presets, f"{command}: no preset {preset}"


class Root:
    """A clean system in a folder, and the state of a stage in it."""

    def __init__(self, folder):
        self.folder = folder
        self.directory = "/"
        self.variables = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}

    def prepare(self):
        for name in OF_THIS_SYSTEM:
            source, target = pathlib.Path("/", name), self.folder / name
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            elif source.exists():
                target.unlink(missing_ok=True)
                shutil.copy(source, target)
        for name, value in os.environ.items():
            if name.lower().endswith("_proxy") or name.startswith("PIP_"):
                self.variables[name] = value
        if cache := os.environ.get("CCACHE_DIR"):
            (self.folder / "ccache").mkdir()
            subprocess.run(["mount", "--bind", cache, self.folder / "ccache"], check=True)
            self.variables.update(CCACHE_DIR="/ccache", CCACHE_BASEDIR="/", CCACHE_NOHASHDIR="1")
        for name in ("proc", "dev"):
            subprocess.run(["mount", "--bind", f"/{name}", self.folder / name], check=True)

    def release(self):
        for name in ("proc", "dev", "ccache"):
            if (self.folder / name).exists():
                subprocess.run(["umount", self.folder / name], check=False)

    def run(self, command):
        print(f"+ {command}", flush=True)
        inside = f"cd {shlex.quote(self.directory)} && {command}"
        subprocess.run(["chroot", self.folder, "/bin/sh", "-c", inside], env=self.variables, check=True)

    def copy(self, source, target):
        place = self.folder / pathlib.Path(self.directory, target).relative_to("/")
        if source.is_dir():
            shutil.copytree(source, place, dirs_exist_ok=True, symlinks=True,
                            ignore=lambda folder, names: IGNORED & set(names) if folder == str(SOURCE) else [])
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, place)


def perform(root, steps, others):
    """Runs the steps of a stage; `others` are the roots of earlier ones. Returns its command."""
    command = []
    for word, rest in steps:
        if word == "RUN":
            root.run(rest)
        elif word == "ENV":
            root.variables.update([rest.split("=", 1)])
        elif word == "WORKDIR":
            root.directory = rest
            (root.folder / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "COPY" and rest.startswith("--from="):
            name, source, target = rest.removeprefix("--from=").split()
            root.copy(others[name].folder / source.lstrip("/"), target)
        elif word == "COPY":
            root.copy(SOURCE / rest.split()[0], rest.split()[1])
        elif word == "ENTRYPOINT":
            command = json.loads(rest)
    return command


def build(folder):
    folder.mkdir(parents=True)
    subprocess.run(["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", folder / "base"],
                   check=True)
    roots = {}
    try:
        for name, _, steps in stages():
            root = roots[name] = Root(folder / (name or "final"))
            subprocess.run(["cp", "-a", folder / "base", root.folder], check=True)
            root.prepare()
            command = perform(root, steps, roots)
        root.run(shlex.join([*command, "--version"]))
        root.run("python3 -c 'import onepass; onepass.Detector; print(\"module\", onepass.__version__)'")
    finally:
        for root in roots.values():
            root.release()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path)
    arguments = parser.parse_args()
    check()
    if arguments.root:
        build(arguments.root)
    print("The Dockerfile is in order" + (", and its steps succeed" if arguments.root else ""))
    sys.exit(0)
