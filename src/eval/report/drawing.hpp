// Provides drawings of strokes, areas and labels, rendered as SVG or as an image.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace onepass::eval {

struct Point {
  double x = 0;  ///< in pixels, to the right
  double y = 0;  ///< in pixels, downward
};

using Color = std::uint32_t;  ///< 0xRRGGBB

struct Stroke {
  std::vector<Point> points;
  Color color = 0;
  double width = 1;  ///< pixels
  std::string group{};
};

struct Area {
  std::vector<Point> corners;
  Color color = 0;
  std::string title{};  ///< shown as a tooltip
  std::string group{};
};

enum class Anchor { start, middle, end };

struct Label {
  Point at;  ///< position of the baseline's anchor
  std::string text;
  double size = 12;  ///< pixels
  Anchor anchor = Anchor::start;
  Color color = 0x333333;
  std::string group{};
};

/// A shape's group becomes its class in SVG, so that a page can hide all shapes of a group.
using Shape = std::variant<Stroke, Area, Label>;

struct Drawing {
  double width = 0;
  double height = 0;
  std::string description;  ///< for screen readers
  std::vector<Shape> shapes;

  void line(Point from, Point to, Color color, double stroke_width = 1) {
    shapes.push_back(Stroke{{from, to}, color, stroke_width});
  }
};

/// Returns the corners of an axis-aligned rectangle.
std::vector<Point> rectangle(double left, double top, double width, double height);

std::string to_svg(const Drawing& drawing);

/// Renders the drawing as 8-bit BGR on white, at twice its size (at its own size if that would be very large).
cv::Mat to_image(const Drawing& drawing);

/// Escapes the characters that are reserved in HTML and SVG.
std::string escaped(const std::string& text);

}  // namespace onepass::eval
