// One listing of all scores under TrackEval's names; JSON, CSV and the averages over classes come from it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "onepass/metrics.hpp"

namespace onepass::eval {

/// Counts add up over classes, ratios are averaged.
enum class FieldKind { count, ratio };

struct ScoreField {
  std::string family;  ///< HOTA, CLEAR, Identity or Count
  std::string name;
  FieldKind kind = FieldKind::count;
  std::variant<double*, AlphaCurve*> value;
};

/// The fields refer to `scores`, which must outlive them.
std::vector<ScoreField> fields_of(Scores& scores);

/// The one number of a field: curves are averaged over their alphas.
double summary(const ScoreField& field);

/// The families in their order of listing.
inline const std::vector<std::string> all_families{"HOTA", "CLEAR", "Identity", "Count"};

}  // namespace onepass::eval
