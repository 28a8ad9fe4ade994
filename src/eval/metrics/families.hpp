// Lists the families of metrics.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "eval/metrics/family.hpp"

namespace onepass::eval {

/// Returns all families, in the order in which their scores are written.
std::span<const Family> families();

/// Returns the fields of all families; they point into `scores`, which must outlive them.
ScoreFields fields_of(Scores& scores);

/// Returns the names of all families.
std::vector<std::string> family_names();

}  // namespace onepass::eval
