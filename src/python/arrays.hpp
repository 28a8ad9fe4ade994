// Between NumPy arrays and onepass's values; what does not fit is a ValueError that says what was expected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include "onepass/metrics.hpp"
#include "onepass/types.hpp"

namespace onepass::python {

/// N boxes with what belongs to them, as Tracker.update takes it. None for classes is class 0, for embeddings none.
struct DetectionArrays {
  pybind11::object boxes;       ///< N×4: left, top, width, height
  pybind11::object scores;      ///< N
  pybind11::object classes;     ///< N integers or None
  pybind11::object embeddings;  ///< N×D or None
};

std::vector<Detection> to_detections(const DetectionArrays& arrays);

struct Image {
  pybind11::array owner;
  cv::Mat pixels;  ///< a view of the owner's memory; empty where there is no image
};

/// An H×W×3 array of uint8, or None; copied only where its pixels do not lie row by row.
Image to_image(const pybind11::object& image);

/// One record per track; see track_record_type().
pybind11::array to_records(const std::vector<Track>& tracks);

/// The NumPy dtype of those records: id, box (4), class_id, score, state, origin.
pybind11::dtype track_record_type();

/// Such records as N×10 rows of a result file; `frame` counts from 0.
pybind11::array_t<double> to_rows(std::int64_t frame, const pybind11::array& tracks);

struct RowOptions {
  std::string name;                         ///< for errors
  int columns = 6;                          ///< least number
  std::optional<std::int64_t> frame_count;  ///< of the sequence; otherwise it ends with the last row
};

/// Rows of a MOTChallenge file: frame (from 1), id, left, top, width, height, then score or mark and class, where the
/// array has these columns.
LabelledSequence to_sequence(const pybind11::object& rows, const RowOptions& options);

}  // namespace onepass::python
