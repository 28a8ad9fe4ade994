// How much of the image a cell of a map can depend on.
#pragma once

#include <algorithm>
#include <vector>

#include "model/graph.hpp"

namespace onepass {

/// The square of input pixels behind one cell (Araujo et al., Computing Receptive Fields of CNNs, Distill 2019).
struct ReceptiveField {
  double size = 1;  ///< pixels along one side
  double step = 1;  ///< pixels between neighbouring cells
  bool whole_image = false;

  /// After a window of `kernel` cells, moved by `stride` cells.
  ReceptiveField through_window(double kernel, double stride) const {
    return {size + (kernel - 1) * step, step * stride, whole_image};
  }
  /// Behind a value that is made of both.
  ReceptiveField joined(const ReceptiveField& other) const {
    return {std::max(size, other.size), step, whole_image || other.whole_image};
  }
  /// Whole pixels; 0 for all of the image.
  int pixels() const { return whole_image || size > 1e9 ? 0 : static_cast<int>(size); }
};

/// Of every value of the graph, in pixels; 0 where attention makes it depend on the whole image.
std::vector<int> receptive_fields(const Graph& graph);

}  // namespace onepass
