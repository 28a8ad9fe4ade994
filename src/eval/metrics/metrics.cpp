// Scores one sequence and combines the scores of several.
#include "onepass/metrics.hpp"

#include <algorithm>
#include <numeric>

#include "eval/metrics/families.hpp"
#include "eval/metrics/score_fields.hpp"

namespace onepass {
namespace {

using eval::ratio;

void add(AlphaCurve& sum, const AlphaCurve& curve) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += curve[i];
}

/// Adds the curve, with the value at each alpha multiplied by its weight.
void add_weighted(AlphaCurve& sum, const AlphaCurve& curve, const AlphaCurve& weights) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += curve[i] * weights[i];
}

HotaScores combine_hota(std::span<const Scores> sequences) {
  HotaScores sum;
  for (const auto& [hota, clear, identity, count] : sequences) {
    add(sum.true_positives, hota.true_positives);
    add(sum.false_negatives, hota.false_negatives);
    add(sum.false_positives, hota.false_positives);
    add_weighted(sum.association_accuracy, hota.association_accuracy, hota.true_positives);
    add_weighted(sum.association_recall, hota.association_recall, hota.true_positives);
    add_weighted(sum.association_precision, hota.association_precision, hota.true_positives);
    add_weighted(sum.localization, hota.localization, hota.true_positives);
  }
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    const double found = sum.true_positives[i];
    for (auto* curve : {&sum.association_accuracy, &sum.association_recall, &sum.association_precision})
      (*curve)[i] = eval::ratio((*curve)[i], found);
    sum.localization[i] = found > 0 ? sum.localization[i] / found : 1;
  }
  eval::form_ratios(sum);
  return sum;
}

ClearScores combine_clear(std::span<const Scores> sequences) {
  ClearScores sum;
  for (const auto& scores : sequences) {
    const auto& clear = scores.clear;
    sum.true_positives += clear.true_positives;
    sum.false_negatives += clear.false_negatives;
    sum.false_positives += clear.false_positives;
    sum.identity_switches += clear.identity_switches;
    sum.mostly_tracked += clear.mostly_tracked;
    sum.partly_tracked += clear.partly_tracked;
    sum.mostly_lost += clear.mostly_lost;
    sum.fragmentations += clear.fragmentations;
    sum.frames += clear.frames;
    sum.overlap_sum += clear.overlap_sum;
  }
  eval::form_ratios(sum);
  return sum;
}

IdentityScores combine_identity(std::span<const Scores> sequences) {
  IdentityScores sum;
  for (const auto& scores : sequences) {
    sum.true_positives += scores.identity.true_positives;
    sum.false_negatives += scores.identity.false_negatives;
    sum.false_positives += scores.identity.false_positives;
  }
  eval::form_ratios(sum);
  return sum;
}

CountScores combine_counts(std::span<const Scores> sequences) {
  CountScores sum;
  for (const auto& scores : sequences) {
    sum.boxes += scores.count.boxes;
    sum.truth_boxes += scores.count.truth_boxes;
    sum.identities += scores.count.identities;
    sum.truth_identities += scores.count.truth_identities;
    sum.frames += scores.count.frames;
  }
  return sum;
}

/// Whether a class has any box in a family; the ratios of classes without boxes are meaningless.
bool has_boxes(const std::string& family, const Scores& scores) {
  const auto& [hota, clear, identity, count] = scores;
  if (family == "HOTA") return hota.true_positives[0] + hota.false_negatives[0] + hota.false_positives[0] > 0;
  if (family == "CLEAR") return clear.true_positives + clear.false_negatives + clear.false_positives > 0;
  return identity.true_positives + identity.false_negatives + identity.false_positives > 0;
}

void add_field(const eval::ScoreField& sum, const eval::ScoreField& field) {
  if (auto* const* curve = std::get_if<AlphaCurve*>(&sum.value)) {
    add(**curve, *std::get<AlphaCurve*>(field.value));
  } else {
    *std::get<double*>(sum.value) += *std::get<double*>(field.value);
  }
}

void divide_field(const eval::ScoreField& sum, double divisor) {
  if (auto* const* curve = std::get_if<AlphaCurve*>(&sum.value)) {
    for (double& value : **curve) value /= divisor;
  } else {
    *std::get<double*>(sum.value) /= divisor;
  }
}

}  // namespace

double mean(const AlphaCurve& curve) {
  return std::accumulate(curve.begin(), curve.end(), 0.0) / static_cast<double>(curve.size());
}

SequenceScores evaluate_sequence(const LabeledSequence& truth, const LabeledSequence& result,
                                 const EvaluationRules& rules) {
  const auto sequence = eval::preprocess(truth, result, rules);
  std::vector<eval::ClearMatch> matches;
  SequenceScores evaluated;
  evaluated.scores.hota = eval::score_hota(sequence);
  evaluated.scores.clear = eval::score_clear(sequence, rules.match_overlap, matches);
  evaluated.scores.identity = eval::score_identity(sequence, rules.match_overlap);
  evaluated.scores.count = eval::count(sequence);
  evaluated.switches = eval::find_switches(sequence, matches, truth, result);
  return evaluated;
}

Scores combine(std::span<const Scores> sequences) {
  return {combine_hota(sequences), combine_clear(sequences), combine_identity(sequences), combine_counts(sequences)};
}

Scores average_classes(std::span<const Scores> classes) {
  Scores sum;
  const auto sum_fields = eval::fields_of(sum);
  std::vector<double> divisors(sum_fields.size(), 0);
  for (auto scores : classes) {
    const auto fields = eval::fields_of(scores);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!has_boxes(fields[i].family, scores)) continue;
      add_field(sum_fields[i], fields[i]);
      divisors[i] += 1;
    }
  }
  for (std::size_t i = 0; i < sum_fields.size(); ++i) {
    if (sum_fields[i].kind == eval::FieldKind::ratio && divisors[i] > 0) divide_field(sum_fields[i], divisors[i]);
  }
  return sum;
}

}  // namespace onepass
