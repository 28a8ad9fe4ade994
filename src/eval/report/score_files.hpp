// Writes evaluations as JSON and CSV, with every field.
#pragma once

#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"

namespace onepass::eval {

/// Uses TrackEval's names: tracker → sequence or COMBINED → family → field; curves have 19 values.
/// With several classes: tracker → sequence or COMBINED → class → family → field, and under COMBINED also
/// cls_comb_cls_av (the mean of the classes) and cls_comb_det_av (all boxes count the same).
std::string to_json(const Evaluation& evaluation, const std::vector<std::string>& families);

/// One row per tracker, class and sequence; curves are averaged over their alphas.
std::string to_csv(const Evaluation& evaluation, const std::vector<std::string>& families);

}  // namespace onepass::eval
