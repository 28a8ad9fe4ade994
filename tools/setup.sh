#!/usr/bin/env bash
# Installs what is needed to build and test onepass: Debian 12 packages, and from PyPI OpenVINO into build/openvino and
# Optuna into build/optuna.
# Does nothing if all is installed.
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache clang-format
  libtorch-dev libopencv-dev libeigen3-dev libyaml-cpp-dev libfmt-dev libcli11-dev nlohmann-json3-dev zlib1g-dev libpugixml-dev
  libopenblas0-pthread libgtest-dev libgmock-dev libbenchmark-dev ffmpeg pkg-config
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libpango1.0-dev libcpp-httplib-dev libmosquitto-dev
  pybind11-dev python3-dev python3-numpy python3-pip python3-venv
  # For Debian packages and their manual pages.
  dpkg-dev file help2man
  # For the tests: a broker, a browser, and an RTSP server through Python.
  mosquitto openssl chromium chromium-driver python3-selenium python3-gi gir1.2-gst-rtsp-server-1.0
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
  fonts-droid-fallback # for labels in Chinese
  # For tools/tsne.py.
  python3-sklearn python3-matplotlib
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all packages are installed"
else
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "setup: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

# OpenVINO runs the networks. Its wheel contains headers, a CMake package and libraries for C++. Without it, everything
# still builds, and networks run on LibTorch more slowly.
openvino=openvino==2026.4.1
folder=$(dirname "$0")/../build/openvino
if [ ! -d "$folder/${openvino/==/-}.dist-info" ]; then
  echo "setup: installing $openvino into build/openvino"
  rm -rf "$folder"
  /usr/bin/python3 -m pip --disable-pip-version-check install --quiet --no-deps --target "$folder" "$openvino" ||
    echo "setup: OpenVINO could not be installed; networks will run on LibTorch" >&2
fi

# Optuna proposes the trials of onepass tune, in an environment of its own. Without it, tests of tuning are skipped.
optuna=$(dirname "$0")/../build/optuna
if ! "$optuna/bin/python3" -I -c 'import optuna' 2>/dev/null; then
  echo "setup: installing optuna into build/optuna"
  rm -rf "$optuna"
  { /usr/bin/python3 -m venv --system-site-packages "$optuna" &&
    "$optuna/bin/pip" --disable-pip-version-check install --quiet optuna==5.0.0; } ||
    echo "setup: Optuna could not be installed; tuning is not tested" >&2
fi
