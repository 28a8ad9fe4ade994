#include "sink/video/zone_drawing.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "core/printable.hpp"
#include "count/geometry.hpp"
#include "sink/video/label.hpp"

namespace onepass::sink {
namespace {

const cv::Scalar line_color(60, 200, 255);     // BGR: amber
const cv::Scalar polygon_color(190, 190, 40);  // teal
const cv::Scalar alone_color(60, 60, 230);     // red
constexpr double tint = 0.18;

std::vector<cv::Point> pixels_of(const Zone& zone, cv::Size first_size, cv::Size image) {
  const auto exact = count::in_pixels(zone, first_size, image);
  return {exact.begin(), exact.end()};
}

/// An arrow from the middle of the longest segment to its right side.
void draw_arrow(cv::Mat& image, const std::vector<cv::Point>& line, int width) {
  std::size_t longest = 0;
  const auto length = [&](std::size_t i) { return cv::norm(line[i + 1] - line[i]); };
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    if (length(i) > length(longest)) longest = i;
  }
  const cv::Point2d along = cv::Point2d(line[longest + 1] - line[longest]) / std::max(1.0, length(longest));
  const cv::Point2d middle = cv::Point2d(line[longest + 1] + line[longest]) / 2;
  const cv::Point2d tip = middle + cv::Point2d(-along.y, along.x) * (12.0 * width);
  cv::arrowedLine(image, middle, tip, line_color, width, cv::LINE_AA, 0, 0.35);
}

void draw_polygon(cv::Mat& image, const std::vector<cv::Point>& corners, const cv::Scalar& color, int width) {
  const auto around = cv::boundingRect(corners) & cv::Rect({}, image.size());
  if (!around.empty()) {
    cv::Mat region = image(around);
    cv::Mat filled = region.clone();
    cv::fillPoly(filled, std::vector{corners}, color, cv::LINE_8, 0, -around.tl());
    cv::addWeighted(filled, tint, region, 1 - tint, 0, region);
  }
  cv::polylines(image, corners, /*isClosed=*/true, color, width, cv::LINE_AA);
}

cv::Scalar color_of_zone(const Zone& zone, const ZoneCounts& counts) {
  if (zone.shape == ZoneShape::line) return line_color;
  return counts.alone ? alone_color : polygon_color;
}

}  // namespace

std::string zone_text(const Zone& zone, const ZoneCounts& counts) {
  if (zone.shape == ZoneShape::polygon) return fmt::format("{}: {}", zone.name, counts.occupancy);
  return fmt::format("{}: {} {}, {} {}", zone.name, zone.directions[0], counts.identities[0], zone.directions[1],
                     counts.identities[1]);
}

void draw_zones(cv::Mat& image, std::span<const Zone> zones, cv::Size first_size, std::span<const ZoneCounts> counts) {
  const int width = line_width(image.size());
  const auto style = label_style(image.size());
  std::vector<cv::Rect> placed;
  for (std::size_t i = 0; i < zones.size() && i < counts.size(); ++i) {
    const auto pixels = pixels_of(zones[i], first_size, image.size());
    const auto color = color_of_zone(zones[i], counts[i]);
    if (zones[i].shape == ZoneShape::polygon) {
      draw_polygon(image, pixels, color, width);
    } else {
      cv::polylines(image, pixels, /*isClosed=*/false, color, 2 * width, cv::LINE_AA);
      draw_arrow(image, pixels, width);
    }
    const auto text = printable(zone_text(zones[i], counts[i]));
    const auto label = make_label(text, {pixels.front(), cv::Size(1, 1)}, color, image.size(), style, placed);
    draw_label(image, label, style);
    placed.push_back(label.place);
  }
}

}  // namespace onepass::sink
