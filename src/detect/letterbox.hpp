// Letterbox: fits a frame into the network's input, with its aspect ratio kept, centered and padded with gray.
#pragma once

#include <ATen/core/Tensor.h>
#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::detect {

/// Mapping from frame pixels to input pixels: input = frame · scale + (left, top).
struct Letterbox {
  cv::Size frame;
  cv::Size scaled;  ///< size of the scaled frame inside the input
  cv::Size input;   ///< sides are multiples of the stride
  float scale = 1;
  int left = 0;
  int top = 0;
};

enum class Padding {
  minimal,  ///< pad each side to the next multiple of the stride
  square,   ///< pad both sides to imgsz
};

/// @param imgsz longer side of the input, a multiple of `stride`
Letterbox fit_letterbox(cv::Size frame, int imgsz, int stride, Padding padding);

/// Returns the input tensor, 1×3×H×W float RGB in [0, 1], channels-last; `image` is 8-bit BGR of size letterbox.frame.
at::Tensor to_input(const cv::Mat& image, const Letterbox& letterbox);

/// Converts a box from input pixels to frame pixels, clipped to the frame.
Box to_frame(const Box& box, const Letterbox& letterbox);

/// Converts a box inside the frame from frame pixels to input pixels.
Box to_input_box(const Box& box, const Letterbox& letterbox);

}  // namespace onepass::detect
