// Draws HOTA, DetA and AssA over alpha.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "eval/report/plot_parts.hpp"
#include "eval/report/plots.hpp"

namespace onepass::eval {
namespace {

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
  Stroke stroke{{}, tracker_color(tracker), 2, tracker_group(tracker)};
  for (std::size_t i = 0; i < curve.size(); ++i)
    stroke.points.push_back({panel.x(hota_alpha(i)), panel.y(100 * curve[i])});
  drawing.shapes.push_back(stroke);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    drawing.shapes.push_back(
        Area{marker(stroke.points[i], tracker, 3.5), tracker_color(tracker),
             fmt::format("{}: {} {:.2f} % at alpha {:.2f}", name, title, 100 * curve[i], hota_alpha(i)),
             tracker_group(tracker)});
  }
}

}  // namespace

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

}  // namespace onepass::eval
