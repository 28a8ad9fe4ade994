#!/usr/bin/env bash
# Builds the fuzzers with clang and runs each for the given time; new inputs that fail are left in build/fuzz*/found.
# Usage: tests/fuzz/nightly.sh [SECONDS per fuzzer]   (default 3600; needs clang: apt-get install clang)
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-3600}
flags="-g1 -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-sanitize=vptr"

# run FUZZER CORPUS CMAKE-OPTION...
run() {
  local fuzzer=$1 corpus=$2 build=build/fuzz-$1
  shift 2
  cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" \
    -DONEPASS_BUILD_FUZZER=ON -DONEPASS_UNITY_BUILD=ON "$@"
  cmake --build "$build" --target "$fuzzer" --parallel "$(nproc)"
  mkdir -p "$build/found"
  "$build/tests/fuzz/$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -dict="tests/fuzz/$corpus.dict" -artifact_prefix="$build/found/" "$build/found" "tests/fuzz/$corpus"
}

run inputs_fuzz inputs -DONEPASS_WITH_TORCH=OFF
# LibTorch 1.13 leaks about 800 bytes for each zip file that it rejects.
ASAN_OPTIONS=detect_leaks=0 run readers_fuzz corpus
