#!/usr/bin/env bash
# The functions of oneDNN that the library calls are those that src/model/onednn_apart.cpp passes on: a build against
# pip's LibTorch would not link without one.
# Usage: onednn_apart_test.sh NM LIBRARY SOURCE
set -euo pipefail
diff <("$1" -u "$2" 2>/dev/null | grep -oE '\bdnnl_[a-z0-9_]+' | sort -u) \
  <(grep -oE '^FORWARD\(dnnl_[a-z0-9_]+' "$3" | sed 's/FORWARD(//' | sort -u)
