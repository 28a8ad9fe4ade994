// Converts the rows of a MOTChallenge file to labeled boxes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <pybind11/pybind11.h>

#include "onepass/metrics.hpp"

namespace onepass::python {

struct RowOptions {
  std::string name;                         ///< argument name, for error messages
  int columns = 6;                          ///< minimum number of columns
  std::optional<std::int64_t> frame_count;  ///< length of the sequence; default: up to the last row
};

/// Converts the rows of a MOTChallenge file: frame (from 1), id, left, top, width, height and, if the array has these
/// columns, score (ground truth: mark) and class.
LabeledSequence to_sequence(const pybind11::object& rows, const RowOptions& options);

}  // namespace onepass::python
