// Comments cite the sections of Luiten et al., IJCV 2021.
#include "eval/metrics/hota.hpp"

#include <array>
#include <cmath>

#include "eval/metrics/frame_matching.hpp"

namespace onepass::eval {
namespace {

constexpr const char* family_name = "HOTA";

std::vector<double> boxes_per_identity(const IdentitySide& side) {
  std::vector<double> counts(side.names.size(), 0);
  for (const int identity : side.identities) counts[static_cast<std::size_t>(identity)] += 1;
  return counts;
}

/// Returns the global alignment score of the two identities of every pair over the sequence, in [0, 1] (section 5.2):
/// the Jaccard index of their boxes, in which a pair of boxes is weighted by its IoU relative to competing pairs.
std::vector<double> global_alignment(const OverlapSequence& sequence, const std::vector<double>& truth_boxes,
                                     const std::vector<double>& result_boxes) {
  std::vector<double> alignment(sequence.pairs.size(), 0);
  std::vector<double> row_sums, column_sums;
  for (std::int64_t frame = 0; frame < sequence.frame_count(); ++frame) {
    row_sums.assign(sequence.truth.frame(frame).size(), 0);
    column_sums.assign(sequence.result.frame(frame).size(), 0);
    for (const auto& overlap : sequence.frame(frame)) {
      row_sums[static_cast<std::size_t>(overlap.row)] += overlap.iou;
      column_sums[static_cast<std::size_t>(overlap.column)] += overlap.iou;
    }
    for (const auto& overlap : sequence.frame(frame)) {
      const double competing = row_sums[static_cast<std::size_t>(overlap.row)] +
                               column_sums[static_cast<std::size_t>(overlap.column)] - overlap.iou;
      if (competing > rounding) alignment[static_cast<std::size_t>(overlap.pair)] += overlap.iou / competing;
    }
  }
  for (std::size_t i = 0; i < alignment.size(); ++i) {
    const auto [truth, result] = sequence.pairs[i];
    const double boxes = truth_boxes[static_cast<std::size_t>(truth)] + result_boxes[static_cast<std::size_t>(result)];
    alignment[i] /= boxes - alignment[i];
  }
  return alignment;
}

/// Returns the number of alphas that an IoU reaches.
std::size_t alphas_reached(double iou) {
  std::size_t count = 0;
  while (count < hota_alpha_count && iou >= hota_alpha(count) - rounding) ++count;
  return count;
}

/// Sums over the matches. Before accumulate(), index k counts the matches that reach exactly k + 1 alphas; after it,
/// those that reach alpha k.
struct Tally {
  std::vector<AlphaCurve> matches;  ///< number of matches, per pair of identities
  AlphaCurve true_positives{};
  AlphaCurve overlap_sum{};

  void add(const Overlap& overlap) {
    const auto reached = alphas_reached(overlap.iou);
    if (reached == 0) return;
    matches[static_cast<std::size_t>(overlap.pair)][reached - 1] += 1;
    true_positives[reached - 1] += 1;
    overlap_sum[reached - 1] += overlap.iou;
  }
  /// Makes the sums cumulative: a match that reaches an alpha also reaches all lower ones.
  void accumulate() {
    for (auto& pair : matches) accumulate(pair);
    accumulate(true_positives);
    accumulate(overlap_sum);
  }
  static void accumulate(AlphaCurve& curve) {
    for (std::size_t i = curve.size() - 1; i > 0; --i) curve[i - 1] += curve[i];
  }
};

/// Computes one matching per frame for all alphas, which maximizes the sum of alignment · IoU (section 5.2).
Tally match_frames(const OverlapSequence& sequence, const std::vector<double>& alignment) {
  Tally tally;
  tally.matches.resize(sequence.pairs.size());
  FrameMatcher matcher;
  std::vector<double> weights;
  for (std::int64_t frame = 0; frame < sequence.frame_count(); ++frame) {
    weights.clear();
    for (const auto& overlap : sequence.frame(frame))
      weights.push_back(alignment[static_cast<std::size_t>(overlap.pair)] * overlap.iou);
    const auto rows = sequence.truth.frame(frame).size();
    const auto columns = sequence.result.frame(frame).size();
    for (const auto& overlap : matcher.match(rows, columns, sequence.frame(frame), weights)) tally.add(overlap);
  }
  tally.accumulate();
  return tally;
}

/// Computes association recall, precision and accuracy, averaged over the true positives (equations 12 to 16).
void score_association(const Tally& tally, const OverlapSequence& sequence, const std::vector<double>& truth_boxes,
                       const std::vector<double>& result_boxes, HotaScores& scores) {
  for (std::size_t pair = 0; pair < sequence.pairs.size(); ++pair) {
    const double truth = truth_boxes[static_cast<std::size_t>(sequence.pairs[pair].truth)];
    const double result = result_boxes[static_cast<std::size_t>(sequence.pairs[pair].result)];
    for (std::size_t i = 0; i < hota_alpha_count; ++i) {
      const double matches = tally.matches[pair][i];
      if (matches == 0) break;  // there are none at higher alphas either
      scores.association_accuracy[i] += matches * (matches / (truth + result - matches));
      scores.association_recall[i] += matches * (matches / truth);
      scores.association_precision[i] += matches * (matches / result);
    }
  }
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    scores.association_accuracy[i] = ratio(scores.association_accuracy[i], scores.true_positives[i]);
    scores.association_recall[i] = ratio(scores.association_recall[i], scores.true_positives[i]);
    scores.association_precision[i] = ratio(scores.association_precision[i], scores.true_positives[i]);
  }
}

void form_ratios(HotaScores& scores) {
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    const double found = scores.true_positives[i];
    scores.detection_recall[i] = ratio(found, found + scores.false_negatives[i]);
    scores.detection_precision[i] = ratio(found, found + scores.false_positives[i]);
    scores.detection_accuracy[i] = ratio(found, found + scores.false_negatives[i] + scores.false_positives[i]);
    scores.hota[i] = std::sqrt(scores.detection_accuracy[i] * scores.association_accuracy[i]);
    scores.open_world[i] = std::sqrt(scores.detection_recall[i] * scores.association_accuracy[i]);
  }
  scores.hota_0 = scores.hota[0];
  scores.localization_0 = scores.localization[0];
  scores.hota_localization_0 = scores.hota_0 * scores.localization_0;
}

constexpr std::array association_curves{&HotaScores::association_accuracy, &HotaScores::association_recall,
                                        &HotaScores::association_precision};

/// Adds the counts, and the scores without counts, which are weighted by the true positives.
void add(const HotaScores& sequence, HotaScores& sum) {
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    const double found = sequence.true_positives[i];
    sum.true_positives[i] += found;
    sum.false_negatives[i] += sequence.false_negatives[i];
    sum.false_positives[i] += sequence.false_positives[i];
    for (const auto curve : association_curves) (sum.*curve)[i] += (sequence.*curve)[i] * found;
    sum.localization[i] += sequence.localization[i] * found;
  }
}

/// Divides the weighted sums of add(); then forms the ratios.
void form_averages(HotaScores& sum) {
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    const double found = sum.true_positives[i];
    for (const auto curve : association_curves) (sum.*curve)[i] = ratio((sum.*curve)[i], found);
    sum.localization[i] = found > 0 ? sum.localization[i] / found : 1;  // 1 without matches, by convention
  }
  form_ratios(sum);
}

ScoreFields fields(Scores& scores) {
  auto& s = scores.hota;
  return {
      {family_name, "HOTA_TP", FieldKind::count, &s.true_positives},
      {family_name, "HOTA_FN", FieldKind::count, &s.false_negatives},
      {family_name, "HOTA_FP", FieldKind::count, &s.false_positives},
      {family_name, "HOTA", FieldKind::share, &s.hota},
      {family_name, "DetA", FieldKind::share, &s.detection_accuracy},
      {family_name, "AssA", FieldKind::share, &s.association_accuracy},
      {family_name, "DetRe", FieldKind::share, &s.detection_recall},
      {family_name, "DetPr", FieldKind::share, &s.detection_precision},
      {family_name, "AssRe", FieldKind::share, &s.association_recall},
      {family_name, "AssPr", FieldKind::share, &s.association_precision},
      {family_name, "LocA", FieldKind::share, &s.localization},
      {family_name, "OWTA", FieldKind::share, &s.open_world},
      {family_name, "HOTA(0)", FieldKind::share, &s.hota_0},
      {family_name, "LocA(0)", FieldKind::share, &s.localization_0},
      {family_name, "HOTALocA(0)", FieldKind::share, &s.hota_localization_0},
  };
}

}  // namespace

HotaScores score_hota(const OverlapSequence& sequence) {
  const auto truth_boxes = boxes_per_identity(sequence.truth);
  const auto result_boxes = boxes_per_identity(sequence.result);
  const auto tally = match_frames(sequence, global_alignment(sequence, truth_boxes, result_boxes));
  HotaScores scores;
  scores.true_positives = tally.true_positives;
  for (std::size_t i = 0; i < hota_alpha_count; ++i) {
    const double found = tally.true_positives[i];
    scores.false_negatives[i] = static_cast<double>(sequence.truth.box_count()) - found;
    scores.false_positives[i] = static_cast<double>(sequence.result.box_count()) - found;
    scores.localization[i] = found > 0 ? tally.overlap_sum[i] / found : 1;
  }
  score_association(tally, sequence, truth_boxes, result_boxes, scores);
  form_ratios(scores);
  return scores;
}

Family hota_family() {
  return {.name = family_name,
          .score = [](const FamilyInput& input,
                      SequenceScores& scores) { scores.scores.hota = score_hota(input.sequence); },
          .fields = fields,
          .add = [](const Scores& sequence, Scores& sum) { add(sequence.hota, sum.hota); },
          .form_ratios = [](Scores& sum) { form_averages(sum.hota); },
          .has_boxes =
              [](const Scores& scores) {
                const auto& s = scores.hota;
                return s.true_positives[0] + s.false_negatives[0] + s.false_positives[0] > 0;
              }};
}

}  // namespace onepass::eval
