// Writes an evaluation as an HTML page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"
#include "eval/report/comparison.hpp"

namespace onepass::eval {

/// Writes <folder>/index.html, one file that needs no network: tables, plots, comparisons if any, the worst identity
/// switches with their boxes, warnings. The plots are also written to the folder as alphas.png, sequences.png and
/// switches.png (with the class in the name if there are several classes).
/// @throws std::runtime_error if the folder cannot be written.
void write_report(const std::filesystem::path& folder, const Evaluation& evaluation,
                  const std::vector<Comparison>& comparisons, const std::vector<std::string>& families);

}  // namespace onepass::eval
