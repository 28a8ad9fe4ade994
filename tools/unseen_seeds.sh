#!/usr/bin/env bash
# Measures the first table of docs/figures.md: people who leave and return, on scenes that the demo model was not
# trained on, tracked by boxes alone, with embeddings, and with embeddings and memory.
# Usage: tools/unseen_seeds.sh [SEEDS [MODEL]]   (default 10 scenes of 20 s)
set -euo pipefail
cd "$(dirname "$0")/.."

seeds=${1:-10}
model=${2:-data/demo/onepass-demo.pt}
scenes=build/unseen/scenes
results=build/unseen/results
# 12.5 frames per second; about 60 % of the walkers leave for 3 s, longer than the max age of a lost
# track (tracker.max_age_s).
settings=(--frames 250 --fps 12.5 --size 640x384 --objects 14 --vehicles 0.2 --residents 0.3 --returning 0.6
          --absence 3 --groups 0.15 --clutter 3)

if [ ! -f build/release/build.ninja ]; then cmake --preset release >&2; fi
cmake --build --preset release --parallel "$(nproc)" --target onepass_program make_scene >&2
mkdir -p "$scenes"
for ((seed = 1; seed <= seeds; ++seed)); do
  scene=$scenes/seed-$seed
  [ "$(cat "$scene.made-by" 2>/dev/null)" = "${settings[*]}" ] && continue
  echo "unseen seeds: generating scene $seed of $seeds" >&2
  build/release/tools/scene/make_scene "$scene" --seed "$seed" "${settings[@]}" --overwrite >&2
  echo "${settings[*]}" >"$scene.made-by"
done
seq -f 'seed-%g' "$seeds" >"$scenes/seqmap.txt"

track() { # NAME PARAMETER...
  echo "unseen seeds: $1" >&2
  build/release/onepass benchmark --data "$scenes" --seqmap "$scenes/seqmap.txt" --model "$model" --classes person \
    --benchmark MOT17 --out "$results" --name "$1" --overwrite "${@:2}" >/dev/null
}
track boxes --embed.method none
track embedding
track memory --memory.enabled true

build/release/onepass eval --gt "$scenes" --seqmap "$scenes/seqmap.txt" --benchmark MOT17 --results "$results/boxes" \
  --results "$results/embedding" --results "$results/memory" --json build/unseen/scores.json \
  --csv build/unseen/scores.csv --overwrite >/dev/null
awk -F, -v seeds="$seeds" '
  NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i
            printf "| %d unseen scenes | HOTA | AssA | DetA | IDF1 | ID switches | ids (truth) |\n|---|---|---|---|---|---|---|\n", seeds }
  $3 == "COMBINED" {
    name["boxes"] = "boxes alone"; name["embedding"] = "with the embedding"; name["memory"] = "with embedding and memory"
    printf "| %s | %.1f | %.1f | %.1f | %.1f | %d | %d (%d) |\n", name[$1], 100 * $column["HOTA"], 100 * $column["AssA"],
           100 * $column["DetA"], 100 * $column["IDF1"], $column["IDSW"], $column["IDs"], $column["GT_IDs"] }
' build/unseen/scores.csv
