#include "eval/report/plot_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "eval/report/plots.hpp"

namespace onepass::eval {

std::vector<Point> marker(Point at, std::size_t tracker, double radius) {
  constexpr std::array<int, 4> corner_counts{12, 4, 3, 5};
  constexpr std::array<double, 4> turns{0, 0.125, 0.25,
                                        0.25};  // rotation in full turns: circle, square, triangle, pentagon
  const auto kind = tracker % corner_counts.size();
  std::vector<Point> corners;
  for (int i = 0; i < corner_counts[kind]; ++i) {
    const double angle = 2 * M_PI * (static_cast<double>(i) / corner_counts[kind] - turns[kind]);
    corners.push_back({at.x + radius * std::cos(angle), at.y + radius * std::sin(angle)});
  }
  return corners;
}

double draw_legend(Drawing& drawing, const std::vector<std::string>& names) {
  constexpr double legend_height = 22;
  double x = margin;
  double y = margin + 12;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double width = 24 + 7.2 * static_cast<double>(names[i].size());  // approximate width of 12-pixel text
    if (x > margin && x + width > page_width - margin) {
      x = margin;
      y += legend_height;
    }
    drawing.shapes.push_back(Area{marker({x + 6, y - 4}, i, 5.5), tracker_color(i), "", tracker_group(i)});
    drawing.shapes.push_back(Label{{x + 17, y}, names[i], 12, Anchor::start, ink, tracker_group(i)});
    x += width + 14;
  }
  return y + 14;
}

std::vector<std::string> tracker_names(const Evaluation& evaluation) {
  std::vector<std::string> names;
  for (const auto& tracker : evaluation.trackers) names.push_back(tracker.name);
  return names;
}

double longest_name(const std::vector<std::string>& names) {
  std::size_t length = 8;
  for (const auto& name : names) length = std::max(length, name.size());
  return 7.2 * static_cast<double>(length);
}

Color tracker_color(std::size_t tracker) {
  constexpr std::array<Color, 7> palette{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x555555};
  return palette[tracker % palette.size()];
}

std::string tracker_group(std::size_t tracker) { return "tracker" + std::to_string(tracker); }

std::vector<std::string> sequence_names(const Evaluation& evaluation, std::size_t class_index) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& tracker : evaluation.trackers) {
    for (const auto& sequence : tracker.classes[class_index].sequences) {
      if (seen.insert(sequence.name).second) names.push_back(sequence.name);
    }
  }
  return names;
}

const EvaluatedSequence* find_sequence(const EvaluatedTracker& tracker, std::size_t class_index,
                                       const std::string& name) {
  for (const auto& sequence : tracker.classes[class_index].sequences) {
    if (sequence.name == name) return &sequence;
  }
  return nullptr;
}

}  // namespace onepass::eval
