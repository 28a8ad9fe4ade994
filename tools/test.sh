#!/usr/bin/env bash
# Installs packages, builds, and runs all tests; later runs build incrementally.
# Usage: tools/test.sh [PRESET]   (a preset of CMakePresets.json; default release)
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
bash tools/setup.sh
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)"
ctest --preset "$preset" --parallel "$(nproc)"
