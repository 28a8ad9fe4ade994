// Converts between NumPy arrays and detections.
#pragma once

#include <vector>

#include <pybind11/numpy.h>

#include "onepass/types.hpp"

namespace onepass::python {

/// The detection arguments of Tracker.update. If `classes` is None, every box has class 0; if `embeddings` is None, no
/// box has an embedding.
struct DetectionArrays {
  pybind11::object boxes;       ///< N×4: left, top, width, height
  pybind11::object scores;      ///< N
  pybind11::object classes;     ///< N integers or None
  pybind11::object embeddings;  ///< N×D or None
};

/// @throws pybind11::value_error that names the argument, the place and the expected format.
std::vector<Detection> to_detections(const DetectionArrays& arrays);

/// N×length float32; a row of zeros for a detection without embedding. None if `length` is 0.
pybind11::object to_embeddings(const std::vector<Detection>& detections, pybind11::ssize_t length);

/// Returns onepass.Detections(boxes, scores, classes, embeddings).
pybind11::object to_python(const std::vector<Detection>& detections, pybind11::ssize_t embedding_length);

}  // namespace onepass::python
