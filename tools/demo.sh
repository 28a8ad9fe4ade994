#!/usr/bin/env bash
# Sets up, builds, and runs the tracker and the evaluation on the scene in data/crossing.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
cmake --preset release
cmake --build --preset release --parallel "$(nproc)" --target onepass_program

echo "demo: tracking data/crossing from its detection file"
build/release/onepass benchmark --data data --detections public --out build/demo --overwrite
echo "demo: tracks are in build/demo/onepass/data/crossing.txt; with a video and a model of your own, see the README"
