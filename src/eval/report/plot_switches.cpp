// Draws the identity switches over time.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "eval/report/plot_parts.hpp"
#include "eval/report/plots.hpp"

namespace onepass::eval {
namespace {

constexpr double lane_height = 18;

/// Returns a round distance between ticks that gives about ten ticks.
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
        Area{rectangle(x - 0.75, top + 4, 1.5, lane_height - 8), tracker_color(index), title, tracker_group(index)});
    if (among_worst)
      drawing.shapes.push_back(
          Area{marker({x, top + lane_height / 2}, index, 4.5), tracker_color(index), title, tracker_group(index)});
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

}  // namespace

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

std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count) {
  std::stable_sort(switches.begin(), switches.end(),
                   [](const auto& a, const auto& b) { return a.frames_lost() > b.frames_lost(); });
  if (switches.size() > count) switches.resize(count);
  return switches;
}

}  // namespace onepass::eval
