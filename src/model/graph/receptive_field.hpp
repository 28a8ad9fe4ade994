// Computes receptive fields: the part of the image that a cell of a map can depend on.
#pragma once

#include <algorithm>
#include <vector>

#include "model/graph/graph.hpp"

namespace onepass::model {

/// The square of input pixels that a cell depends on (Araujo et al., Computing Receptive Fields of CNNs, Distill 2019).
struct ReceptiveField {
  double size = 1;  ///< pixels along one side
  double step = 1;  ///< pixels between neighboring cells
  bool whole_image = false;

  /// The field after an operation with a window of `kernel` cells and a stride of `stride` cells.
  ReceptiveField through_window(double kernel, double stride) const {
    return {size + (kernel - 1) * step, step * stride, whole_image};
  }
  /// The field of a value that is computed from values with both fields.
  ReceptiveField joined(const ReceptiveField& other) const {
    return {std::max(size, other.size), step, whole_image || other.whole_image};
  }
  /// Side in whole pixels; 0: the whole image.
  int pixels() const { return whole_image || size > 1e9 ? 0 : static_cast<int>(size); }
};

/// Receptive field of every value of the graph, in pixels; 0 if attention makes it depend on the whole image.
std::vector<int> receptive_fields(const Graph& graph);

}  // namespace onepass::model
