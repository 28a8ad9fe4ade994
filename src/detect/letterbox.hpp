// Fits a frame into the network's input: scaled evenly, centred, padded with grey.
#pragma once

#include <ATen/core/Tensor.h>
#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass {

/// How frame pixels map to input pixels: input = frame · scale + (left, top).
struct Letterbox {
  cv::Size frame;
  cv::Size scaled;  ///< the frame inside the input
  cv::Size input;   ///< sides are multiples of the stride
  float scale = 1;
  int left = 0;
  int top = 0;
};

enum class Padding {
  minimal,  ///< up to the next multiple of the stride
  square,   ///< up to imgsz on both sides
};

/// @param imgsz longer side of the input, a multiple of `stride`.
Letterbox fit_letterbox(cv::Size frame, int imgsz, int stride, Padding padding);

/// The input tensor, 1×3×H×W float RGB in [0, 1], channels-last; `image` is 8-bit BGR of size letterbox.frame.
at::Tensor to_input(const cv::Mat& image, const Letterbox& letterbox);

/// A box in input pixels as a box in frame pixels, clipped to the frame.
Box to_frame(const Box& box, const Letterbox& letterbox);

/// The reverse of to_frame, for boxes inside the frame.
Box to_input_box(const Box& box, const Letterbox& letterbox);

}  // namespace onepass
