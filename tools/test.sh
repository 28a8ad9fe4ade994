#!/usr/bin/env bash
# Sets up, builds and runs all tests; everything after the arguments of the first run is incremental.
# Usage: tools/test.sh [PRESET]   (release, dev, no-torch or asan-ubsan; default release)
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
bash tools/setup.sh
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$(nproc)"
ctest --preset "$preset" --parallel "$(nproc)"
