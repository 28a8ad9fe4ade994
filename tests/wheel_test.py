"""Makes the wheel from this build, installs it into a fresh virtual environment, and runs the tests of tests/python with it.

    wheel_test.py BUILD SOURCE WORK CMAKE [TEST ...]     (names of unittest; default: all)

`pip install .` compiles everything again; here only its last step differs: the files are those that CMake installs from
this build. The interpreter must have scikit-build-core and wheel (tools/setup.sh makes an environment with them in
build/wheel); it also lends NumPy, pandas, supervision and mypy to the fresh environment. Exits with 77 (skipped) without
them. The environment variables of tests/python/package.py are needed too.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

try:
    import scikit_build_core.build
    import wheel  # noqa: F401
except ImportError as error:
    print(f"{error}: skipped; tools/setup.sh installs it")
    sys.exit(77)


def run(*command, **options):
    return subprocess.run([*map(str, command)], check=True, **options)


def make_wheel(build, source, work, cmake):
    """The wheel, made of the component `wheel` of the build and the metadata of pyproject.toml."""
    stage = work / "stage"
    run(cmake, "--install", build, "--component", "wheel", "--strip", "--prefix", stage, stdout=subprocess.DEVNULL)
    os.chdir(source)
    metadata = stage / scikit_build_core.build.prepare_metadata_for_build_wheel(str(stage))
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    platform = re.sub("[-.]", "_", sysconfig.get_platform())
    (metadata / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: wheel_test\nRoot-Is-Purelib: false\n"
                                    f"Tag: {tag}-{tag}-{platform}\n")
    run(sys.executable, "-m", "wheel", "pack", stage, "--dest-dir", work, stdout=subprocess.DEVNULL)
    return next(work.glob("*.whl"))


def check_contents(file):
    """The wheel must have all parts, and nothing of this machine."""
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        for part in ("__init__.py", "py.typed", "_tracker.pyi", "bin/onepass"):
            assert f"onepass/{part}" in names, f"{part} is missing: {names}"
        if any(re.fullmatch(r"onepass/_models\..*so", name) for name in names):
            assert "onepass/libonepass_torch.so" in names, names
        for name in names:
            assert name.startswith(("onepass/", "onepass-")), f"{name} is outside of the package"
    print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")


def install(file, folder, openvino):
    """A fresh environment with the wheel; returns its interpreter. It finds this interpreter's packages after its own,
    and OpenVINO where `pip install onepass[openvino]` installs it."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install", "--quiet", "--no-deps",
        "--no-index", file)
    site = pathlib.Path(sysconfig.get_path("platlib", vars={"base": str(folder), "platbase": str(folder)}))
    (site / "lent.pth").write_text(sysconfig.get_path("platlib") + "\n")
    if openvino.is_dir():
        (site / "openvino").symlink_to(openvino)
    return python


def check_portable(file, source, work):
    """The portable wheel loads no library of the system but those of every Linux; it passes the tests of its part."""
    run("bash", source / "tools" / "portable_wheel.sh", file, work / "portable", stderr=subprocess.DEVNULL)
    portable = next((work / "portable").glob("*manylinux*.whl"))
    print(f"{portable.name}: {portable.stat().st_size / 1e6:.1f} MB")
    python = install(portable, work / "portable_venv", pathlib.Path("no OpenVINO"))
    module = next((work / "portable_venv").glob("lib/*/site-packages/onepass/_tracker.*.so"))
    libraries = run("ldd", module, stdout=subprocess.PIPE, text=True).stdout
    for line in libraries.splitlines():
        assert "opencv" not in line or str(work) in line, f"a library of the system: {line}"
    return run_tests(python, source, ("tracker_test", "metrics_test", "examples_test.ExamplesTest.test_own_detector"))


def run_tests(python, source, tests):
    return subprocess.run([python, "-m", "unittest", *tests], cwd=source / "tests" / "python").returncode


def check_installation(python, program):
    def output(*command):
        return run(*command, stdout=subprocess.PIPE, text=True).stdout
    version = output(program, "--version")
    assert output(python.parent / "onepass", "--version") == version, "the wheel's program has another version"
    place = output(python, "-c", "import onepass; print(onepass.__file__, onepass.__version__)").split()
    assert place[0].startswith(str(python.parent.parent)), f"onepass is imported from {place[0]}"
    assert version == f"onepass {place[1]}\n", f"{version} is not {place[1]}"


def main(build, source, work, cmake, *tests):
    build, source, work = map(pathlib.Path, (build, source, work))
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name in ("PYTHONPATH", "LD_LIBRARY_PATH"):
        os.environ.pop(name, None)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    file = make_wheel(build, source, work, cmake)
    check_contents(file)
    python = install(file, work / "venv", source / "build" / "openvino" / "openvino")
    check_installation(python, os.environ["ONEPASS_PROGRAM"])
    failed = run_tests(python, source, tests or ("discover", "-p", "*_test.py")) or check_portable(file, source, work)
    if not failed:
        shutil.rmtree(work)
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
