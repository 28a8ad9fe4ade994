// Converts between NumPy arrays and onepass types; invalid input raises a ValueError that names the expected format.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "onepass/metrics.hpp"
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

std::vector<Detection> to_detections(const DetectionArrays& arrays);

struct Image {
  pybind11::array owner;
  cv::Mat pixels;  ///< view of the owner's memory; empty if there is no image
};

/// Converts an H×W×3 uint8 array, or None. The pixels are copied only if they are not contiguous in row-major order.
Image to_image(const pybind11::object& image);

/// Returns one record per track; see track_record_type().
pybind11::array to_records(const std::vector<Track>& tracks);

/// Returns the NumPy dtype of a track record: id, box (4), class_id, score, state, origin, detection.
pybind11::dtype track_record_type();

/// Converts track records to the N×10 rows of a MOTChallenge result file; `frame` counts from 0.
pybind11::array_t<double> to_rows(std::int64_t frame, const pybind11::array& tracks);

struct RowOptions {
  std::string name;                         ///< argument name, for error messages
  int columns = 6;                          ///< minimum number of columns
  std::optional<std::int64_t> frame_count;  ///< length of the sequence; default: up to the last row
};

/// Converts the rows of a MOTChallenge file: frame (from 1), id, left, top, width, height and, if the array has these
/// columns, score (ground truth: mark) and class.
LabeledSequence to_sequence(const pybind11::object& rows, const RowOptions& options);

}  // namespace onepass::python
