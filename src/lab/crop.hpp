// Finds the pixels of a box in an image.
#pragma once

#include <cmath>

#include <opencv2/core/types.hpp>

#include "onepass/types.hpp"

namespace onepass::lab {

/// The pixels that the box touches, clipped to the image; empty if there are none.
inline cv::Rect pixels_of(const Box& box, cv::Size image) {
  const cv::Point first(static_cast<int>(std::floor(box.left)), static_cast<int>(std::floor(box.top)));
  const cv::Point end(static_cast<int>(std::ceil(box.right())), static_cast<int>(std::ceil(box.bottom())));
  return cv::Rect(first, end) & cv::Rect({0, 0}, image);
}

}  // namespace onepass::lab
