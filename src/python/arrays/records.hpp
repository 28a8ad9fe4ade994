// Converts between tracks and the records that Python sees: a structured NumPy array with one row per track.
#pragma once

#include <cstdint>
#include <vector>

#include <pybind11/numpy.h>

#include "onepass/types.hpp"

namespace onepass::python {

/// Returns the NumPy dtype of a track record: id, box (4), class_id, score, state, origin, detection.
pybind11::dtype track_record_type();

/// Returns one record per track; shapes are left out.
pybind11::array to_records(const std::vector<Track>& tracks);

/// The tracks of records, without shapes.
/// @throws pybind11::value_error for another array.
std::vector<Track> to_tracks(const pybind11::array& records);

/// Converts track records to the N×10 rows of a MOTChallenge result file; `frame` counts from 0.
pybind11::array_t<double> to_rows(std::int64_t frame, const pybind11::array& tracks);

}  // namespace onepass::python
