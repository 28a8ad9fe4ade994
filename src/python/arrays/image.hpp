// Converts between NumPy arrays and images.
#pragma once

#include <pybind11/numpy.h>

#include <opencv2/core/mat.hpp>

namespace onepass::python {

struct Image {
  pybind11::array owner;
  cv::Mat pixels;  ///< view of the owner's memory; empty if there is no image
};

/// Converts an H×W×3 uint8 array, or None. The pixels are copied only if they are not contiguous in row-major order.
/// @param name of the argument, for error messages
Image to_image(const pybind11::object& image, const char* name = "image");

/// An H×W×3 uint8 array that shares the memory of the image; None for an empty image.
pybind11::object to_array(const cv::Mat& image);

}  // namespace onepass::python
