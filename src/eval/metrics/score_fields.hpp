// Lists all scores under TrackEval's names; JSON, CSV, tables and averages over classes are derived from this list.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "onepass/metrics.hpp"

namespace onepass::eval {

/// Over classes, counts are summed and ratios are averaged.
enum class FieldKind { count, ratio };

struct ScoreField {
  std::string family;  ///< HOTA, CLEAR, Identity or Count
  std::string name;
  FieldKind kind = FieldKind::count;
  std::variant<double*, AlphaCurve*> value;
};

/// Returns all fields; they point into `scores`, which must outlive them.
std::vector<ScoreField> fields_of(Scores& scores);

/// Returns a field as one number: curves are averaged over their alphas.
double summary(const ScoreField& field);

/// The families in the order of fields_of().
inline const std::vector<std::string> all_families{"HOTA", "CLEAR", "Identity", "Count"};

}  // namespace onepass::eval
