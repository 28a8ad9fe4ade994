// Lists scores under TrackEval's names; JSON, CSV, tables, sums and averages are derived from these lists.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "onepass/scores.hpp"

namespace onepass::eval {

/// How a score is averaged over classes and printed.
enum class FieldKind {
  count,  ///< summed over classes; a whole number
  share,  ///< averaged over classes; printed in percent
  mean,   ///< averaged over classes; a number with a unit of its own
};

struct ScoreField {
  std::string family;  ///< HOTA, CLEAR, Identity or Count
  std::string name;
  FieldKind kind = FieldKind::count;
  std::variant<double*, AlphaCurve*> value;
};

/// The fields of some scores, which must outlive them.
using ScoreFields = std::vector<ScoreField>;

/// Returns a field as one number: curves are averaged over their alphas.
double summary(const ScoreField& field);

/// Adds a field to the same field of other scores.
void add(const ScoreField& sum, const ScoreField& field);

void divide(const ScoreField& field, double divisor);

/// Returns part / max(whole, 1), so that 0 / 0 boxes give 0.
inline double ratio(double part, double whole) { return part / (whole > 1 ? whole : 1); }

}  // namespace onepass::eval
