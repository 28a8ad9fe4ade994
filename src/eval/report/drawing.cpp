#include "eval/report/drawing.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace onepass::eval {
namespace {

std::string class_attribute(const std::string& group) {
  return group.empty() ? "" : fmt::format(" class=\"{}\"", escaped(group));
}

std::string point_list(const std::vector<Point>& points) {
  std::string list;
  for (const auto& [x, y] : points) list += fmt::format("{}{:.1f},{:.1f}", list.empty() ? "" : " ", x, y);
  return list;
}

/// Appends shapes as SVG elements.
struct SvgWriter {
  std::string svg;

  void operator()(const Stroke& stroke) {
    svg += fmt::format("<polyline{} points=\"{}\" fill=\"none\" stroke=\"#{:06x}\" stroke-width=\"{:g}\"/>\n",
                       class_attribute(stroke.group), point_list(stroke.points), stroke.color, stroke.width);
  }
  void operator()(const Area& area) {
    const auto title = area.title.empty() ? "" : "<title>" + escaped(area.title) + "</title>";
    svg += fmt::format("<polygon{} points=\"{}\" fill=\"#{:06x}\">{}</polygon>\n", class_attribute(area.group),
                       point_list(area.corners), area.color, title);
  }
  void operator()(const Label& label) {
    constexpr const char* anchors[] = {"start", "middle", "end"};
    svg += fmt::format(
        "<text{} x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:g}\" text-anchor=\"{}\" fill=\"#{:06x}\">{}</text>\n",
        class_attribute(label.group), label.at.x, label.at.y, label.size, anchors[static_cast<int>(label.anchor)],
        label.color, escaped(label.text));
  }
};

/// Draws shapes into an image.
struct Painter {
  cv::Mat& image;
  double scale;

  static constexpr int fraction_bits = 4;  ///< coordinates are passed to OpenCV in sixteenths of a pixel

  static cv::Scalar bgr(Color color) {
    return {static_cast<double>(color & 0xFFU), static_cast<double>(color >> 8U & 0xFFU),
            static_cast<double>(color >> 16U & 0xFFU)};
  }
  std::vector<cv::Point> fixed_point(const std::vector<Point>& points) const {
    std::vector<cv::Point> result;
    for (const auto& [x, y] : points)
      result.emplace_back(static_cast<int>(std::lround(x * scale * (1 << fraction_bits))),
                          static_cast<int>(std::lround(y * scale * (1 << fraction_bits))));
    return result;
  }
  void operator()(const Stroke& stroke) const {
    const int thickness = std::max(1, static_cast<int>(std::lround(stroke.width * scale)));
    cv::polylines(image, std::vector{fixed_point(stroke.points)}, false, bgr(stroke.color), thickness, cv::LINE_AA,
                  fraction_bits);
  }
  void operator()(const Area& area) const {
    cv::fillPoly(image, std::vector{fixed_point(area.corners)}, bgr(area.color), cv::LINE_AA, fraction_bits);
  }
  void operator()(const Label& label) const {
    constexpr double hershey_height = 30;  // full height of the font at scale 1, in pixels
    const double font_scale = label.size * scale / hershey_height;
    const int thickness = std::max(1, static_cast<int>(std::lround(scale * label.size / 18)));
    std::string text = label.text;
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; },
        '?');  // the font has only ASCII characters
    const auto size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, font_scale, thickness, nullptr);
    const int shift = label.anchor == Anchor::start ? 0 : label.anchor == Anchor::middle ? size.width / 2 : size.width;
    const cv::Point at(static_cast<int>(std::lround(label.at.x * scale)) - shift,
                       static_cast<int>(std::lround(label.at.y * scale)));
    cv::putText(image, text, at, cv::FONT_HERSHEY_SIMPLEX, font_scale, bgr(label.color), thickness, cv::LINE_AA);
  }
};

}  // namespace

std::vector<Point> rectangle(double left, double top, double width, double height) {
  return {{left, top}, {left + width, top}, {left + width, top + height}, {left, top + height}};
}

std::string to_svg(const Drawing& drawing) {
  SvgWriter writer;
  writer.svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" height=\"{1:g}\" "
      "role=\"img\" aria-label=\"{2}\" font-family=\"system-ui, sans-serif\">\n",
      drawing.width, drawing.height, escaped(drawing.description));
  for (const auto& shape : drawing.shapes) std::visit(writer, shape);
  return writer.svg + "</svg>\n";
}

cv::Mat to_image(const Drawing& drawing) {
  constexpr double large = 16e6;  // pixels
  const double scale = drawing.width * drawing.height * 4 > large ? 1 : 2;
  cv::Mat image(static_cast<int>(std::ceil(drawing.height * scale)), static_cast<int>(std::ceil(drawing.width * scale)),
                CV_8UC3, cv::Scalar::all(255));
  for (const auto& shape : drawing.shapes) std::visit(Painter{image, scale}, shape);
  return image;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

}  // namespace onepass::eval
