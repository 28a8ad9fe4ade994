#!/usr/bin/env bash
# Installs what a build needs, builds, generates a clip with ground truth, tracks it with the demo model, and scores the
# result. All output goes to build/demo. Installed packages, an up-to-date program and an existing clip are reused.
# Usage: tools/demo.sh [MODEL]   (default data/demo/onepass-demo.pt)
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "demo: $*"; }

bash tools/setup.sh build
# What tests need is not installed; the preset turns them on again in tools/test.sh.
if [ ! -f build/release/build.ninja ]; then cmake --preset release -DONEPASS_BUILD_TESTS=OFF; fi
cmake --build --preset release --parallel "$(nproc)" --target onepass_program make_scene

demo=build/demo
onepass=build/release/onepass
model=${1:-data/demo/onepass-demo.pt}

clip=(--seed 18 --frames 450 --fps 25 --size 640x384 --objects 20 --vehicles 0.25 --residents 0.4
      --returning 0.4 --absence 3 --clutter 4 --clouds 0.25)
if [ "$(cat "$demo/scene/made-by" 2>/dev/null)" = "${clip[*]}" ]; then
  say "using the clip in $demo/scene/street"
else
  say "generating an 18-second clip with ground truth: $demo/scene/street"
  build/release/tools/scene/make_scene "$demo/scene/street" "${clip[@]}" --video "$demo/street.mp4" --overwrite
  echo "${clip[*]}" >"$demo/scene/made-by"
fi

say "tracking people and vehicles, re-identified by appearance when they return: $demo/street-tracks.mp4"
"$onepass" track --source "$demo/scene/street" --model "$model" --memory.enabled true \
  --save-video "$demo/street-tracks.mp4" --save-jsonl "$demo/street-tracks.jsonl" --overwrite

say "tracking only people, for scoring: $demo/results/street.txt"
mkdir -p "$demo/results"
"$onepass" track --source "$demo/scene/street" --model "$model" --classes person --memory.enabled true \
  --save-mot "$demo/results/street.txt" --overwrite

say "scoring against the ground truth"
"$onepass" eval --gt "$demo/scene" --results "$demo/results" --benchmark MOT17 --report "$demo/report" --overwrite

say "done"
say "  annotated video  $demo/street-tracks.mp4"
say "  tracks as JSONL  $demo/street-tracks.jsonl"
say "  report           $demo/report/index.html"
say "For your own video and model see: $onepass track --help"
