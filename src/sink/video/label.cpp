#include "sink/video/label.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <opencv2/imgproc.hpp>

namespace onepass::sink {
namespace {

constexpr int font = cv::FONT_HERSHEY_SIMPLEX;

/// Returns black for light colors and white for dark ones; the weights are those of BT.601 luma.
cv::Scalar text_color_on(const cv::Scalar& color) {
  const double luma = 0.114 * color[0] + 0.587 * color[1] + 0.299 * color[2];
  return luma > 140 ? cv::Scalar(0, 0, 0) : cv::Scalar(255, 255, 255);
}

/// Returns the font size, in pixels, at which capitals are as high as those of OpenCV's font.
double em_of(const LabelStyle& style) {
  constexpr double capital_height = 21;   // of OpenCV's font at scale 1
  constexpr double capital_share = 0.73;  // of the em, in usual sans-serif fonts
  return style.scale * capital_height / capital_share;
}

}  // namespace

int line_width(cv::Size image) { return static_cast<int>(std::lround(0.75 + (image.width + image.height) / 1200.0)); }

LabelStyle label_style(cv::Size image) {
  const double scale = 0.25 + (image.width + image.height) / 7500.0;
  return {scale, std::max(1, static_cast<int>(std::lround(1.6 * scale))), line_width(image) + 1};
}

cv::Rect place_label(const cv::Rect& box, cv::Size label, cv::Size image, std::span<const cv::Rect> placed) {
  const int left = box.x;
  const int right_aligned = box.br().x - label.width;
  const int above = box.y - label.height;
  const int below = box.br().y;
  const std::array corners = {cv::Point(left, above), cv::Point(right_aligned, above), cv::Point(left, box.y),
                              cv::Point(left, below), cv::Point(right_aligned, below)};
  cv::Rect best;
  int least_covered = std::numeric_limits<int>::max();
  for (const auto& corner : corners) {
    const cv::Rect place(std::clamp(corner.x, 0, std::max(0, image.width - label.width)),
                         std::clamp(corner.y, 0, std::max(0, image.height - label.height)), label.width, label.height);
    int covered = 0;
    for (const auto& other : placed) covered += (place & other).area();
    if (covered >= least_covered) continue;
    best = place;
    least_covered = covered;
  }
  return best;
}

Label make_label(const std::string& text, const cv::Rect& box, const cv::Scalar& color, cv::Size image,
                 const LabelStyle& style, std::span<const cv::Rect> placed) {
  auto written = is_ascii(text) ? std::nullopt : write_text(text, em_of(style));
  int below_baseline = 0;
  auto text_size = cv::getTextSize(text, font, style.scale, style.stroke, &below_baseline);
  if (written) {
    text_size = {written->coverage.cols, written->baseline};
    below_baseline = 2 * (written->coverage.rows - written->baseline);
  }
  const cv::Size size(text_size.width + 2 * style.margin, text_size.height + below_baseline / 2 + 2 * style.margin);
  const auto place = place_label(box, size, image, placed);
  return {text, std::move(written), color, place,
          place.tl() + cv::Point(style.margin, style.margin + text_size.height)};
}

void draw_label(cv::Mat& image, const Label& label, const LabelStyle& style) {
  cv::rectangle(image, label.place, label.color, cv::FILLED);
  if (label.written) return blend_text(image, *label.written, label.baseline, text_color_on(label.color));
  cv::putText(image, label.text, label.baseline, font, style.scale, text_color_on(label.color), style.stroke,
              cv::LINE_AA);
}

}  // namespace onepass::sink
