// Draws the charts of a report, with Python and matplotlib.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"

namespace onepass::eval {

/// The charts of one class as SVG elements, whose shapes belong to HTML classes of their trackers: "tracker0", …
struct ClassCharts {
  std::string alphas;     ///< HOTA, DetA and AssA over the IoU threshold
  std::string sequences;  ///< HOTA, MOTA and IDF1 of every sequence
  std::string switches;   ///< identity switches over time
};

/// Draws the charts of every class and also writes them to the folder as alphas.png, sequences.png and switches.png,
/// with the class in the name if there are several classes. Existing files of these names are removed first, so that
/// none stays if drawing fails.
/// @throws std::runtime_error if Python or matplotlib is missing, or if a file cannot be written.
std::vector<ClassCharts> draw_charts(const Evaluation& evaluation, const std::filesystem::path& folder);

}  // namespace onepass::eval
