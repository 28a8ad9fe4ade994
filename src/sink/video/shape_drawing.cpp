#include "sink/video/shape_drawing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass::sink {
namespace {

constexpr float least_score = 0.5F;

/// The bones of COCO's skeleton, as pairs of keypoints: legs, hips, trunk, shoulders, arms, head.
constexpr std::array<std::pair<int, int>, 19> coco_bones{{{15, 13},
                                                          {13, 11},
                                                          {16, 14},
                                                          {14, 12},
                                                          {11, 12},
                                                          {5, 11},
                                                          {6, 12},
                                                          {5, 6},
                                                          {5, 7},
                                                          {6, 8},
                                                          {7, 9},
                                                          {8, 10},
                                                          {1, 2},
                                                          {0, 1},
                                                          {0, 2},
                                                          {1, 3},
                                                          {2, 4},
                                                          {3, 5},
                                                          {4, 6}}};
constexpr std::size_t coco_keypoints = 17;

/// Rounds a coordinate; clamps those far outside the image, where integers and drawing would overflow.
int to_pixel(float value, int side) {
  const auto limit = static_cast<float>(side);
  return value > -limit ? static_cast<int>(std::lround(std::min(value, 2 * limit))) : -side;
}

void draw_dashed_line(cv::Mat& image, cv::Point from, cv::Point to, const LineStyle& style) {
  const double length = cv::norm(to - from);
  const double dash = 4.0 * style.width + 2;
  const cv::Point2d direction = length > 0 ? cv::Point2d(to - from) / length : cv::Point2d();
  for (double at = 0; at < length; at += 2 * dash) {
    const cv::Point2d start = cv::Point2d(from) + direction * at;
    const cv::Point2d end = cv::Point2d(from) + direction * std::min(at + dash, length);
    cv::line(image, start, end, style.color, style.width, cv::LINE_8);
  }
}

/// Blends the color into pixels [first, last) of a column.
void blend_column(cv::Mat& image, int x, std::int64_t first, std::int64_t last, const cv::Scalar& color) {
  for (auto y = first; y < last; ++y) {
    auto& pixel = image.at<cv::Vec3b>(static_cast<int>(y), x);
    for (int channel = 0; channel < 3; ++channel)
      pixel[channel] = static_cast<std::uint8_t>((pixel[channel] + static_cast<int>(color[channel])) / 2);
  }
}

}  // namespace

void fill_mask(cv::Mat& image, const Mask& mask, const cv::Scalar& color) {
  if (mask.empty() || image.empty()) return;
  if (cv::Size(mask.width, mask.height) != image.size()) {
    cv::Mat fitted;
    cv::resize(to_picture(mask), fitted, image.size(), 0, 0, cv::INTER_NEAREST);
    return fill_mask(image, to_mask(fitted), color);
  }
  std::int64_t at = 0;
  for (std::size_t i = 0; i < mask.runs.size(); at += mask.runs[i++]) {
    if (i % 2 == 0) continue;
    const auto end = std::min<std::int64_t>(at + mask.runs[i], static_cast<std::int64_t>(image.total()));
    for (auto first = at; first < end;) {
      const auto x = first / image.rows;
      const auto last = std::min(end, (x + 1) * image.rows);
      blend_column(image, static_cast<int>(x), first - x * image.rows, last - x * image.rows, color);
      first = last;
    }
  }
}

void draw_skeleton(cv::Mat& image, const std::vector<Keypoint>& keypoints, const LineStyle& style) {
  const auto place = [&](const Keypoint& point) {
    return cv::Point(to_pixel(point.x, image.cols), to_pixel(point.y, image.rows));
  };
  const auto seen = [](const Keypoint& point) { return point.score >= least_score; };
  if (keypoints.size() == coco_keypoints) {
    for (const auto& [from, to] : coco_bones) {
      const auto &a = keypoints[static_cast<std::size_t>(from)], &b = keypoints[static_cast<std::size_t>(to)];
      if (seen(a) && seen(b)) cv::line(image, place(a), place(b), style.color, style.width, cv::LINE_AA);
    }
  }
  for (const auto& point : keypoints)
    if (seen(point)) cv::circle(image, place(point), style.width + 1, style.color, cv::FILLED, cv::LINE_AA);
}

void draw_outline(cv::Mat& image, const std::array<cv::Point, 4>& corners, const LineStyle& style) {
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const auto& from = corners[i];
    const auto& to = corners[(i + 1) % corners.size()];
    if (style.dashed) {
      draw_dashed_line(image, from, to, style);
    } else {
      cv::line(image, from, to, style.color, style.width, cv::LINE_8);
    }
  }
}

std::array<cv::Point, 4> pixel_corners(const RotatedBox& box, cv::Size image) {
  std::array<cv::Point, 4> corners;
  std::ranges::transform(corners_of(box), corners.begin(), [&](const cv::Point2f& corner) {
    return cv::Point(to_pixel(corner.x, image.width), to_pixel(corner.y, image.height));
  });
  return corners;
}

}  // namespace onepass::sink
