#include "detect/letterbox.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <opencv2/imgproc.hpp>

namespace onepass::detect {
namespace {

constexpr double gray = 114;  // padding value that the stock models were trained with

/// Padding left of (above) the frame if `total` pixels are split between both sides; an odd pixel goes right (below).
int front_padding(int total) { return total / 2; }

int next_multiple(int value, int stride) { return (value + stride - 1) / stride * stride; }

}  // namespace

Letterbox fit_letterbox(cv::Size frame, int imgsz, int stride, Padding padding) {
  Letterbox result;
  result.frame = frame;
  const double scale = static_cast<double>(imgsz) / std::max(frame.width, frame.height);
  result.scale = static_cast<float>(scale);
  result.scaled = {std::max(1, static_cast<int>(std::lround(frame.width * scale))),
                   std::max(1, static_cast<int>(std::lround(frame.height * scale)))};
  result.input = padding == Padding::square ? cv::Size(imgsz, imgsz)
                                            : cv::Size(next_multiple(result.scaled.width, stride),
                                                       next_multiple(result.scaled.height, stride));
  result.left = front_padding(result.input.width - result.scaled.width);
  result.top = front_padding(result.input.height - result.scaled.height);
  return result;
}

at::Tensor to_input(const cv::Mat& image, const Letterbox& letterbox) {
  cv::Mat canvas(letterbox.input, CV_8UC3, cv::Scalar::all(gray));
  cv::Mat inside = canvas(cv::Rect({letterbox.left, letterbox.top}, letterbox.scaled));
  if (letterbox.scaled == letterbox.frame) {
    image.copyTo(inside);
  } else {
    cv::resize(image, inside, letterbox.scaled, 0, 0, cv::INTER_LINEAR);
  }
  cv::cvtColor(canvas, canvas, cv::COLOR_BGR2RGB);
  // An image with interleaved channels has the memory layout of a channels-last tensor.
  auto pixels = at::empty({1, canvas.rows, canvas.cols, 3}, at::kFloat);
  cv::Mat values(canvas.rows, canvas.cols, CV_32FC3, pixels.data_ptr<float>());
  canvas.convertTo(values, CV_32F, 1.0 / 255);
  return pixels.permute({0, 3, 1, 2});
}

Box to_frame(const Box& box, const Letterbox& letterbox) {
  const auto clipped = [&](float value, int offset, int limit) {
    return std::clamp((value - static_cast<float>(offset)) / letterbox.scale, 0.0F, static_cast<float>(limit));
  };
  const float left = clipped(box.left, letterbox.left, letterbox.frame.width);
  const float top = clipped(box.top, letterbox.top, letterbox.frame.height);
  const float right = clipped(box.right(), letterbox.left, letterbox.frame.width);
  const float bottom = clipped(box.bottom(), letterbox.top, letterbox.frame.height);
  return {left, top, right - left, bottom - top};
}

Box to_input_box(const Box& box, const Letterbox& letterbox) {
  return {box.left * letterbox.scale + static_cast<float>(letterbox.left),
          box.top * letterbox.scale + static_cast<float>(letterbox.top), box.width * letterbox.scale,
          box.height * letterbox.scale};
}

}  // namespace onepass::detect
