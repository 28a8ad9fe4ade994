// Letterbox: fits a frame into the network's input; usually with its aspect ratio kept, centered and padded with gray.
#pragma once

#include <opencv2/core/mat.hpp>

#include "model/graph/network_info.hpp"
#include "onepass/types.hpp"

namespace onepass::detect {

/// Mapping from frame pixels to input pixels: input = frame · (scale_x, scale_y) + (left, top).
struct Letterbox {
  cv::Size frame;
  cv::Size scaled;  ///< size of the scaled frame inside the input
  cv::Size input;   ///< size of the network's input
  float scale_x = 1;
  float scale_y = 1;  ///< differs from scale_x only if the frame is stretched
  int left = 0;
  int top = 0;
};

enum class Padding {
  minimal,  ///< pad each side to the next multiple of the stride
  square,   ///< pad both sides to imgsz
};

/// @param imgsz longer side of the input, a multiple of `stride`; the sides of the input are multiples of `stride`
Letterbox fit_letterbox(cv::Size frame, int imgsz, int stride, Padding padding);

/// Fits the frame into an input of the given size.
Letterbox fit_letterbox(cv::Size frame, cv::Size input, model::FrameFit fit);

/// Returns the input of the network, 1×H×W×3 8-bit RGB; `image` is 8-bit BGR of size letterbox.frame.
model::Tensor to_input(const cv::Mat& image, const Letterbox& letterbox);

/// Converts a box from input pixels to frame pixels, clipped to the frame.
Box to_frame(const Box& box, const Letterbox& letterbox);

/// Converts a box inside the frame from frame pixels to input pixels.
Box to_input_box(const Box& box, const Letterbox& letterbox);

}  // namespace onepass::detect
