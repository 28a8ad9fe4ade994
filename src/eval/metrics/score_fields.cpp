#include "eval/metrics/score_fields.hpp"

namespace onepass::eval {

double summary(const ScoreField& field) {
  if (const auto* const* curve = std::get_if<AlphaCurve*>(&field.value)) return mean(**curve);
  return *std::get<double*>(field.value);
}

void add(const ScoreField& sum, const ScoreField& field) {
  if (auto* const* curve = std::get_if<AlphaCurve*>(&sum.value)) {
    const auto& added = *std::get<AlphaCurve*>(field.value);
    for (std::size_t i = 0; i < added.size(); ++i) (**curve)[i] += added[i];
  } else {
    *std::get<double*>(sum.value) += *std::get<double*>(field.value);
  }
}

void divide(const ScoreField& field, double divisor) {
  if (auto* const* curve = std::get_if<AlphaCurve*>(&field.value)) {
    for (double& value : **curve) value /= divisor;
  } else {
    *std::get<double*>(field.value) /= divisor;
  }
}

}  // namespace onepass::eval
