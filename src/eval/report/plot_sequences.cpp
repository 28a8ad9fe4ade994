// Draws the scores of every sequence as bars.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "eval/report/plot_parts.hpp"
#include "eval/report/plots.hpp"

namespace onepass::eval {
namespace {

/// Returns the start of a score's axis in percent: 0, or a lower value if the score (MOTA) is negative, at least -100.
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

/// Every tracker's scores on one sequence; nullptr if the tracker was not evaluated on it.
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
          Area{rectangle(left, y + 1, std::max(1.0, std::abs(end - panel.x(0))), bar_height - 2), tracker_color(i),
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

}  // namespace

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

}  // namespace onepass::eval
