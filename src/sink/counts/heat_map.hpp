// Adds up where objects stood and for how long, and draws it.
#pragma once

#include <span>

#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::sink {

class HeatMap {
 public:
  /// Adds the time since the last frame at the feet of every track; predicted boxes do not count. The first frame with
  /// a size sets the shape of the map; frames of another size are scaled to it.
  void add(const Frame& frame, std::span<const Track> tracks);

  /// Seconds per cell; empty before the first frame with a size.
  const cv::Mat1f& cells() const { return cells_; }

 private:
  cv::Mat1f cells_;
  Timestamp last_{-1};
};

/// Returns the picture with the heat on it, from blue (short) over green to red (where objects stood longest); where
/// nobody stood, the picture is gray.
/// @param picture 8-bit BGR; of any size
cv::Mat draw_heat(const cv::Mat& picture, const cv::Mat1f& cells);

}  // namespace onepass::sink
