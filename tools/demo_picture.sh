#!/usr/bin/env bash
# Makes the README's animated GIF from the annotated video of tools/demo.sh.
# Usage: tools/demo_picture.sh [START_S [SECONDS [OUT]]]   (default: 5 seconds from second 6, data/demo/demo.gif)
set -euo pipefail
cd "$(dirname "$0")/.."

start=${1:-6}
seconds=${2:-5}
out=${3:-data/demo/demo.gif}
# Denoised, with few colors and no dithering: noise and dithering would make the file several times as large.
filters="fps=8,scale=480:-2:flags=area,hqdn3d=6:6:9:9,split[a][b];[a]palettegen=max_colors=96:stats_mode=full[p];"
filters+="[b][p]paletteuse=dither=none:diff_mode=rectangle"
mkdir -p "$(dirname "$out")"
ffmpeg -v error -y -ss "$start" -t "$seconds" -i build/demo/street-tracks.mp4 -filter_complex "$filters" "$out"
echo "demo picture: $out has $(stat -c %s "$out") bytes"
