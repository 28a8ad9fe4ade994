// Provides the common parts of a report's plots: sizes, markers, legends, panels.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"
#include "eval/report/drawing.hpp"

namespace onepass::eval {

inline constexpr Color ink = 0x333333;
inline constexpr Color grid = 0xdddddd;
inline constexpr double page_width = 1000;  // pixels
inline constexpr double margin = 12;        // pixels

/// Returns a small area around a point whose shape distinguishes trackers without color.
std::vector<Point> marker(Point at, std::size_t tracker, double radius);

/// Draws the names with their markers, wrapped at the page width; returns the height used in pixels.
double draw_legend(Drawing& drawing, const std::vector<std::string>& names);

std::vector<std::string> tracker_names(const Evaluation& evaluation);

/// Returns the approximate width of the longest name, in pixels.
double longest_name(const std::vector<std::string>& names);

/// A rectangle of the page with axes; maps values to pixels.
struct Panel {
  double left, top, width, height;
  double x_low, x_high, y_low, y_high;

  double x(double value) const { return left + (value - x_low) / (x_high - x_low) * width; }
  double y(double value) const { return top + height - (value - y_low) / (y_high - y_low) * height; }
};

}  // namespace onepass::eval
