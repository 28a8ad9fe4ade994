#include "eval/plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace onepass::eval {
namespace {

constexpr Colour ink = 0x333333;
constexpr Colour grid = 0xdddddd;
constexpr double page_width = 1000;  // pixels
constexpr double margin = 12;
constexpr double legend_height = 22;

/// A small area around a point, of a shape that tells trackers apart without colour.
std::vector<Point> marker(Point at, std::size_t tracker, double radius) {
  constexpr std::array<int, 4> corner_counts{12, 4, 3, 5};
  constexpr std::array<double, 4> turns{0, 0.125, 0.25, 0.25};  // of a full turn: circle, square, triangle, pentagon
  const auto kind = tracker % corner_counts.size();
  std::vector<Point> corners;
  for (int i = 0; i < corner_counts[kind]; ++i) {
    const double angle = 2 * M_PI * (static_cast<double>(i) / corner_counts[kind] - turns[kind]);
    corners.push_back({at.x + radius * std::cos(angle), at.y + radius * std::sin(angle)});
  }
  return corners;
}

/// One row of names with their markers; returns the height used. Wraps where the page ends.
double draw_legend(Drawing& drawing, const std::vector<std::string>& names) {
  double x = margin;
  double y = margin + 12;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double width = 24 + 7.2 * static_cast<double>(names[i].size());  // about the width of 12-pixel text
    if (x > margin && x + width > page_width - margin) {
      x = margin;
      y += legend_height;
    }
    drawing.shapes.push_back(Area{marker({x + 6, y - 4}, i, 5.5), tracker_colour(i), "", tracker_group(i)});
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

/// A rectangle of the page with axes: maps values to pixels.
struct Panel {
  double left, top, width, height;
  double x_low, x_high, y_low, y_high;

  double x(double value) const { return left + (value - x_low) / (x_high - x_low) * width; }
  double y(double value) const { return top + height - (value - y_low) / (y_high - y_low) * height; }
};

void draw_alpha_axes(Drawing& drawing, const Panel& panel, const std::string& title) {
  for (int percent = 0; percent <= 100; percent += 20) {
    drawing.line({panel.left, panel.y(percent)}, {panel.left + panel.width, panel.y(percent)}, grid);
    drawing.shapes.push_back(
        Label{{panel.left - 6, panel.y(percent) + 4}, std::to_string(percent), 11, Anchor::end, ink});
  }
  for (const double alpha : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    drawing.line({panel.x(alpha), panel.y(0)}, {panel.x(alpha), panel.y(0) + 4}, ink);
    drawing.shapes.push_back(
        Label{{panel.x(alpha), panel.y(0) + 17}, fmt::format("{:g}", alpha), 11, Anchor::middle, ink});
  }
  drawing.line({panel.left, panel.y(0)}, {panel.left + panel.width, panel.y(0)}, ink);
  drawing.shapes.push_back(
      Label{{panel.left + panel.width / 2, panel.top - 10}, title + " (%)", 14, Anchor::middle, ink});
  drawing.shapes.push_back(
      Label{{panel.left + panel.width / 2, panel.y(0) + 35}, "overlap threshold alpha (IoU)", 11, Anchor::middle, ink});
}

void draw_curve(Drawing& drawing, const Panel& panel, const AlphaCurve& curve, const std::string& title,
                const std::string& name, std::size_t tracker) {
  Stroke stroke{{}, tracker_colour(tracker), 2, tracker_group(tracker)};
  for (std::size_t i = 0; i < curve.size(); ++i)
    stroke.points.push_back({panel.x(hota_alpha(i)), panel.y(100 * curve[i])});
  drawing.shapes.push_back(stroke);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    drawing.shapes.push_back(
        Area{marker(stroke.points[i], tracker, 3.5), tracker_colour(tracker),
             fmt::format("{}: {} {:.2f} % at alpha {:.2f}", name, title, 100 * curve[i], hota_alpha(i)),
             tracker_group(tracker)});
  }
}

/// The least value of the axis for a score: 0, or below where MOTA is negative, but not beyond -100 %.
double axis_start(double least) { return least >= 0 ? 0 : std::max(-100.0, std::floor(least / 20) * 20); }

struct BarScore {
  const char* name;
  double (*percent)(const Scores&);
};

constexpr std::array bar_scores{
    BarScore{"HOTA", [](const Scores& scores) { return 100 * mean(scores.hota.hota); }},
    BarScore{"MOTA", [](const Scores& scores) { return 100 * scores.clear.mota; }},
    BarScore{"IDF1", [](const Scores& scores) { return 100 * scores.identity.f1; }},
};

constexpr double bar_height = 13;
constexpr double group_gap = 12;

/// Every tracker's scores on one sequence; nullptr where it was not evaluated.
struct BarGroup {
  std::string name;
  std::vector<const Scores*> scores;
};

std::vector<BarGroup> bar_groups(const Evaluation& evaluation, std::size_t class_index) {
  std::vector<BarGroup> groups;
  for (const auto& name : sequence_names(evaluation, class_index)) {
    BarGroup group{name, {}};
    for (const auto& tracker : evaluation.trackers) {
      const auto* sequence = find_sequence(tracker, class_index, name);
      group.scores.push_back(sequence ? &sequence->scores : nullptr);
    }
    groups.push_back(std::move(group));
  }
  BarGroup combined{"COMBINED", {}};
  for (const auto& tracker : evaluation.trackers) combined.scores.push_back(&tracker.classes[class_index].combined);
  groups.push_back(std::move(combined));
  return groups;
}

void draw_bar_axes(Drawing& drawing, const Panel& panel, const std::string& title) {
  const double step = panel.x_low < 0 ? 50 : 20;
  for (double percent = std::ceil(panel.x_low / step) * step; percent <= 100; percent += step) {
    drawing.line({panel.x(percent), panel.top}, {panel.x(percent), panel.top + panel.height}, grid);
    drawing.shapes.push_back(Label{
        {panel.x(percent), panel.top + panel.height + 15}, fmt::format("{:g}", percent), 11, Anchor::middle, ink});
  }
  drawing.line({panel.x(0), panel.top}, {panel.x(0), panel.top + panel.height}, ink);
  drawing.shapes.push_back(
      Label{{panel.left + panel.width / 2, panel.top - 10}, title + " (%)", 14, Anchor::middle, ink});
}

void draw_bars(Drawing& drawing, const Panel& panel, const BarScore& score, const std::vector<BarGroup>& groups,
               const std::vector<std::string>& trackers) {
  double y = panel.top + group_gap / 2;
  for (const auto& group : groups) {
    for (std::size_t i = 0; i < trackers.size(); ++i, y += bar_height) {
      if (!group.scores[i]) continue;
      const double percent = score.percent(*group.scores[i]);
      const double end = panel.x(std::max(percent, panel.x_low));
      const double left = std::min(end, panel.x(0));
      drawing.shapes.push_back(
          Area{rectangle(left, y + 1, std::max(1.0, std::abs(end - panel.x(0))), bar_height - 2), tracker_colour(i),
               fmt::format("{}, {}: {} {:.3f} %", group.name, trackers[i], score.name, percent), tracker_group(i)});
      drawing.shapes.push_back(Label{{std::max(end, panel.x(0)) + 4, y + bar_height - 3},
                                     fmt::format("{:.1f}", percent),
                                     10,
                                     Anchor::start,
                                     ink,
                                     tracker_group(i)});
    }
    y += group_gap;
  }
}

constexpr double lane_height = 18;

/// A round distance between ticks that makes about ten of them.
double tick_step(double length) {
  const double rough = std::max(1.0, length / 10);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

void draw_time_axis(Drawing& drawing, const Panel& panel) {
  drawing.line({panel.left, panel.top + panel.height}, {panel.left + panel.width, panel.top + panel.height}, ink);
  const double step = tick_step(panel.x_high);
  for (double frame = 0; frame <= panel.x_high; frame += step) {
    const double x = panel.x(std::max(frame, 1.0));
    drawing.line({x, panel.top + panel.height}, {x, panel.top + panel.height + 4}, ink);
    drawing.shapes.push_back(
        Label{{x, panel.top + panel.height + 16}, fmt::format("{:g}", std::max(frame, 1.0)), 10, Anchor::middle, ink});
  }
}

bool same_switch(const IdentitySwitch& a, const IdentitySwitch& b) {
  return a.frame == b.frame && a.truth_id == b.truth_id;
}

void draw_lane(Drawing& drawing, const Panel& panel, double top, const EvaluatedSequence& sequence,
               const std::string& tracker, std::size_t index) {
  drawing.line({panel.left, top + lane_height / 2}, {panel.left + panel.width, top + lane_height / 2}, grid);
  const auto worst = worst_switches(sequence.switches, 10);
  for (const auto& event : sequence.switches) {
    const double x = panel.x(static_cast<double>(event.frame));
    const bool among_worst =
        std::any_of(worst.begin(), worst.end(), [&](const auto& w) { return same_switch(w, event); });
    const auto title = fmt::format(
        "{}, frame {}: identity {} goes from track {} to {}; followed {} frames before, {} after", tracker, event.frame,
        event.truth_id, event.previous_track, event.track, event.frames_before, event.frames_after);
    drawing.shapes.push_back(
        Area{rectangle(x - 0.75, top + 4, 1.5, lane_height - 8), tracker_colour(index), title, tracker_group(index)});
    if (among_worst)
      drawing.shapes.push_back(
          Area{marker({x, top + lane_height / 2}, index, 4.5), tracker_colour(index), title, tracker_group(index)});
  }
  drawing.shapes.push_back(
      Label{{panel.left - 8, top + lane_height / 2 + 4}, tracker, 11, Anchor::end, ink, tracker_group(index)});
  drawing.shapes.push_back(Label{{panel.left + panel.width + 8, top + lane_height / 2 + 4},
                                 std::to_string(sequence.switches.size()),
                                 11,
                                 Anchor::start,
                                 ink,
                                 tracker_group(index)});
}

double longest_name(const std::vector<std::string>& names) {
  std::size_t length = 8;
  for (const auto& name : names) length = std::max(length, name.size());
  return 7.2 * static_cast<double>(length);
}

}  // namespace

Colour tracker_colour(std::size_t tracker) {
  constexpr std::array<Colour, 7> palette{0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x555555};
  return palette[tracker % palette.size()];
}

std::string tracker_group(std::size_t tracker) { return "tracker" + std::to_string(tracker); }

Drawing plot_alphas(const Evaluation& evaluation, std::size_t class_index) {
  constexpr double panel_height = 240;
  Drawing drawing{page_width, 0, "HOTA, DetA and AssA over the overlap threshold alpha", {}};
  const double top = draw_legend(drawing, tracker_names(evaluation)) + 26;
  drawing.height = top + panel_height + 48;
  const std::array<std::pair<const char*, AlphaCurve HotaScores::*>, 3> curves{
      {{"HOTA", &HotaScores::hota},
       {"DetA", &HotaScores::detection_accuracy},
       {"AssA", &HotaScores::association_accuracy}}};
  constexpr double panel_width = (page_width - 40) / 3;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const Panel panel{40 + static_cast<double>(i) * panel_width, top, panel_width - 44, panel_height, 0, 1, 0, 100};
    draw_alpha_axes(drawing, panel, curves[i].first);
    for (std::size_t k = 0; k < evaluation.trackers.size(); ++k) {
      const auto& tracker = evaluation.trackers[k];
      draw_curve(drawing, panel, tracker.classes[class_index].combined.hota.*curves[i].second, curves[i].first,
                 tracker.name, k);
    }
  }
  return drawing;
}

Drawing plot_sequences(const Evaluation& evaluation, std::size_t class_index) {
  const auto groups = bar_groups(evaluation, class_index);
  const auto trackers = tracker_names(evaluation);
  Drawing drawing{page_width, 0, "HOTA, MOTA and IDF1 of every sequence", {}};
  const double top = draw_legend(drawing, trackers) + 26;
  const double group_height = static_cast<double>(trackers.size()) * bar_height + group_gap;
  const double height = group_height * static_cast<double>(groups.size());
  drawing.height = top + height + 28;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    names.push_back(groups[i].name);
    drawing.shapes.push_back(Label{
        {margin, top + group_height * (static_cast<double>(i) + 0.5) + 4}, groups[i].name, 12, Anchor::start, ink});
  }
  const double left = std::min(300.0, margin + longest_name(names) + 16);
  const double panel_width = (page_width - left) / static_cast<double>(bar_scores.size());
  for (std::size_t i = 0; i < bar_scores.size(); ++i) {
    double least = 0;
    for (const auto& group : groups) {
      for (const auto* scores : group.scores) least = scores ? std::min(least, bar_scores[i].percent(*scores)) : least;
    }
    const Panel panel{
        left + static_cast<double>(i) * panel_width, top, panel_width - 44, height, axis_start(least), 100, 0, 1};
    draw_bar_axes(drawing, panel, bar_scores[i].name);
    draw_bars(drawing, panel, bar_scores[i], groups, trackers);
  }
  return drawing;
}

Drawing plot_switches(const Evaluation& evaluation, std::size_t class_index) {
  const auto trackers = tracker_names(evaluation);
  Drawing drawing{page_width, 0, "Identity switches over the frames of every sequence", {}};
  const double left = std::min(300.0, margin + longest_name(trackers) + 8);
  double top = margin;
  for (const auto& name : sequence_names(evaluation, class_index)) {
    double frames = 2;
    for (const auto& tracker : evaluation.trackers) {
      if (const auto* sequence = find_sequence(tracker, class_index, name))
        frames = std::max(frames, static_cast<double>(sequence->frame_count));
    }
    drawing.shapes.push_back(Label{{left, top + 14}, name + ": identity switches by frame", 13, Anchor::start, ink});
    drawing.shapes.push_back(Label{{page_width - 52, top + 14}, "total", 11, Anchor::start, ink});
    top += 22;
    const Panel panel{left, top, page_width - left - 60, lane_height * static_cast<double>(trackers.size()), 1, frames,
                      0,    1};
    draw_time_axis(drawing, panel);
    for (std::size_t i = 0; i < trackers.size(); ++i) {
      if (const auto* sequence = find_sequence(evaluation.trackers[i], class_index, name))
        draw_lane(drawing, panel, top + lane_height * static_cast<double>(i), *sequence, trackers[i], i);
    }
    top += panel.height + 34;
  }
  drawing.height = top;
  return drawing;
}

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

std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count) {
  std::stable_sort(switches.begin(), switches.end(),
                   [](const auto& a, const auto& b) { return a.frames_lost() > b.frames_lost(); });
  if (switches.size() > count) switches.resize(count);
  return switches;
}

}  // namespace onepass::eval
