// Shrinks images and encodes them as JPEG, before they are sent.
#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>

namespace onepass::sink {

/// Returns the image scaled down so that its longer side has at most `longest` pixels. An image that is small enough is
/// returned without copying its pixels.
cv::Mat shrunk(const cv::Mat& image, int longest);

/// Encodes an image as JPEG; empty for an empty image.
/// @param quality in percent
std::vector<unsigned char> to_jpeg(const cv::Mat& image, int quality);

}  // namespace onepass::sink
