// A picture of strokes, areas and labels that becomes SVG for a page or pixels for a file.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace onepass::eval {

struct Point {
  double x = 0;  ///< pixels, rightward
  double y = 0;  ///< pixels, downward
};

using Colour = std::uint32_t;  ///< 0xRRGGBB

struct Stroke {
  std::vector<Point> points;
  Colour colour = 0;
  double width = 1;  ///< pixels
  std::string group{};
};

struct Area {
  std::vector<Point> corners;
  Colour colour = 0;
  std::string title{};  ///< shown when pointed at
  std::string group{};
};

enum class Anchor { start, middle, end };

struct Label {
  Point at;  ///< of the baseline
  std::string text;
  double size = 12;  ///< pixels
  Anchor anchor = Anchor::start;
  Colour colour = 0x333333;
  std::string group{};
};

/// Shapes of a group carry it as a class in SVG, so that a page can hide them together.
using Shape = std::variant<Stroke, Area, Label>;

struct Drawing {
  double width = 0;
  double height = 0;
  std::string description;  ///< for those who cannot see it
  std::vector<Shape> shapes;

  void line(Point from, Point to, Colour colour, double stroke_width = 1) {
    shapes.push_back(Stroke{{from, to}, colour, stroke_width});
  }
};

/// The corners of an upright rectangle.
std::vector<Point> rectangle(double left, double top, double width, double height);

std::string to_svg(const Drawing& drawing);

/// 8-bit BGR on white, at twice the drawing's size (at its own where that would be very large).
cv::Mat to_image(const Drawing& drawing);

/// Text with the characters that HTML and SVG reserve written out.
std::string escaped(const std::string& text);

}  // namespace onepass::eval
