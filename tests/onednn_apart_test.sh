#!/usr/bin/env bash
# Checks that src/model/run/onednn/onednn_apart.cpp forwards exactly the oneDNN functions that the library calls; a
# build against pip's LibTorch would not link if one were missing.
# Usage: onednn_apart_test.sh NM LIBRARY SOURCE
set -euo pipefail
diff <("$1" -u "$2" 2>/dev/null | grep -oE '\bdnnl_[a-z0-9_]+' | sort -u) \
  <(grep -oE '^FORWARD\(dnnl_[a-z0-9_]+' "$3" | sed 's/FORWARD(//' | sort -u)
