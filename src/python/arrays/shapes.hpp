// Converts the shapes of tracks to arrays: masks, keypoints and rotated boxes.
#pragma once

#include <vector>

#include <pybind11/pybind11.h>

#include "onepass/types.hpp"

namespace onepass::python {

/// N×H×W booleans, all false for a track without mask; None if no track has a mask.
pybind11::object to_masks(const std::vector<Track>& tracks);

/// N×K×3 float32: x, y in pixels, score; NaN for a track without keypoints. None if no track has keypoints.
pybind11::object to_keypoints(const std::vector<Track>& tracks);

/// N×5 float32: center x, center y, width, height in pixels, angle in radians (see RotatedBox); NaN for a track without
/// a rotated box. None if no track has one.
pybind11::object to_rotated(const std::vector<Track>& tracks);

}  // namespace onepass::python
