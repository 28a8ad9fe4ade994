// Shrinks images before they are sent.
#pragma once

#include <opencv2/core/mat.hpp>

namespace onepass::sink {

/// Returns the image scaled down so that its longer side has at most `longest` pixels. An image that is small enough is
/// returned without copying its pixels.
cv::Mat shrunk(const cv::Mat& image, int longest);

}  // namespace onepass::sink
