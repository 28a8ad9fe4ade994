// An evaluation as a page to look at.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/comparison.hpp"
#include "eval/evaluation.hpp"

namespace onepass::eval {

/// Writes <folder>/index.html, one file that needs no network: tables, plots, comparisons where there are any, the
/// worst identity switches with their boxes, warnings. Beside it the plots: alphas.png, sequences.png, switches.png
/// (with the class in the name where there are several).
/// @throws std::runtime_error where the folder cannot be written.
void write_report(const std::filesystem::path& folder, const Evaluation& evaluation,
                  const std::vector<Comparison>& comparisons, const std::vector<std::string>& families);

}  // namespace onepass::eval
