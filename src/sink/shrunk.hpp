// Pictures made small enough to be sent.
#pragma once

#include <opencv2/core/mat.hpp>

namespace onepass {

/// The image with its longer side at most `longest` pixels; images that are small enough share their pixels with it.
cv::Mat shrunk(const cv::Mat& image, int longest);

}  // namespace onepass
