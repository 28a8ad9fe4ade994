// Writes an evaluation as an HTML page.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/report/comparison.hpp"

namespace onepass::eval {

/// Writes <folder>/index.html, one file that needs no network: tables, charts, comparisons if any, the worst identity
/// switches with their boxes, warnings. The charts are also written to the folder, as draw_charts() says; if they
/// cannot be drawn, the report has none and `warn` is called once.
/// @throws std::runtime_error if the folder cannot be written.
void write_report(const std::filesystem::path& folder, const Evaluation& evaluation,
                  const std::vector<Comparison>& comparisons, const std::vector<std::string>& families,
                  const Warn& warn);

}  // namespace onepass::eval
