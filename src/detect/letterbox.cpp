#include "detect/letterbox.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace onepass::detect {
namespace {

constexpr double gray = 114;  // padding value that the stock models were trained with

/// Padding left of (above) the frame if `total` pixels are split between both sides; an odd pixel goes right (below).
int front_padding(int total) { return total / 2; }

int next_multiple(int value, int stride) { return (value + stride - 1) / stride * stride; }

void center(Letterbox& letterbox) {
  letterbox.left = front_padding(letterbox.input.width - letterbox.scaled.width);
  letterbox.top = front_padding(letterbox.input.height - letterbox.scaled.height);
}

}  // namespace

Letterbox fit_letterbox(cv::Size frame, int imgsz, int stride, Padding padding) {
  const cv::Size square(imgsz, imgsz);
  auto result = fit_letterbox(frame, square, model::FrameFit::centered);
  if (padding == Padding::minimal) {
    result.input = {next_multiple(result.scaled.width, stride), next_multiple(result.scaled.height, stride)};
    center(result);
  }
  return result;
}

Letterbox fit_letterbox(cv::Size frame, cv::Size input, model::FrameFit fit) {
  Letterbox result{.frame = frame, .scaled = input, .input = input};
  double scale_x = static_cast<double>(input.width) / frame.width;
  double scale_y = static_cast<double>(input.height) / frame.height;
  if (fit != model::FrameFit::stretched) {
    scale_x = scale_y = std::min(scale_x, scale_y);
    result.scaled = {std::max(1, static_cast<int>(std::lround(frame.width * scale_x))),
                     std::max(1, static_cast<int>(std::lround(frame.height * scale_y)))};
  }
  result.scale_x = static_cast<float>(scale_x);
  result.scale_y = static_cast<float>(scale_y);
  if (fit == model::FrameFit::centered) center(result);
  return result;
}

model::Tensor to_input(const cv::Mat& image, const Letterbox& letterbox) {
  model::Tensor pixels({1, letterbox.input.height, letterbox.input.width, 3}, model::NumberType::u8);
  cv::Mat canvas(letterbox.input, CV_8UC3, pixels.data());
  if (letterbox.scaled != letterbox.input) canvas.setTo(cv::Scalar::all(gray));
  cv::Mat inside = canvas(cv::Rect({letterbox.left, letterbox.top}, letterbox.scaled));
  cv::Mat scaled;
  if (letterbox.scaled == letterbox.frame) {
    scaled = image;
  } else {
    cv::resize(image, scaled, letterbox.scaled, 0, 0, cv::INTER_LINEAR);
  }
  cv::cvtColor(scaled, inside, cv::COLOR_BGR2RGB);
  return pixels;
}

Box to_frame(const Box& box, const Letterbox& letterbox) {
  const auto clipped = [](float value, int offset, float scale, int limit) {
    return std::clamp((value - static_cast<float>(offset)) / scale, 0.0F, static_cast<float>(limit));
  };
  const float left = clipped(box.left, letterbox.left, letterbox.scale_x, letterbox.frame.width);
  const float top = clipped(box.top, letterbox.top, letterbox.scale_y, letterbox.frame.height);
  const float right = clipped(box.right(), letterbox.left, letterbox.scale_x, letterbox.frame.width);
  const float bottom = clipped(box.bottom(), letterbox.top, letterbox.scale_y, letterbox.frame.height);
  return {left, top, right - left, bottom - top};
}

Box to_input_box(const Box& box, const Letterbox& letterbox) {
  return {box.left * letterbox.scale_x + static_cast<float>(letterbox.left),
          box.top * letterbox.scale_y + static_cast<float>(letterbox.top), box.width * letterbox.scale_x,
          box.height * letterbox.scale_y};
}

}  // namespace onepass::detect
