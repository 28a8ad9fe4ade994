// Computes the Identity scores and the counts.
#include "eval/metrics/families.hpp"
#include "eval/metrics/maximum_weight.hpp"

namespace onepass::eval {

void form_ratios(IdentityScores& s) {
  s.recall = ratio(s.true_positives, s.true_positives + s.false_negatives);
  s.precision = ratio(s.true_positives, s.true_positives + s.false_positives);
  s.f1 = ratio(s.true_positives, s.true_positives + s.false_positives / 2 + s.false_negatives / 2);
}

IdentityScores score_identity(const OverlapSequence& sequence, double match_overlap) {
  std::vector<WeightedPair> pairs;
  for (const auto& [truth, result] : sequence.pairs) pairs.push_back({truth, result, 0});
  for (const auto& overlap : sequence.overlaps)
    pairs[static_cast<std::size_t>(overlap.pair)].weight += overlap.iou >= match_overlap ? 1 : 0;
  std::erase_if(pairs, [](const WeightedPair& pair) { return pair.weight == 0; });

  // Minimizing false negatives plus false positives is the same as maximizing the frames in which assigned identities
  // match.
  IdentityScores scores;
  scores.true_positives = static_cast<double>(maximum_weight(static_cast<int>(sequence.truth.names.size()),
                                                             static_cast<int>(sequence.result.names.size()), pairs));
  scores.false_negatives = static_cast<double>(sequence.truth.box_count()) - scores.true_positives;
  scores.false_positives = static_cast<double>(sequence.result.box_count()) - scores.true_positives;
  form_ratios(scores);
  return scores;
}

CountScores count(const OverlapSequence& sequence) {
  return {.boxes = static_cast<double>(sequence.result.box_count()),
          .truth_boxes = static_cast<double>(sequence.truth.box_count()),
          .identities = static_cast<double>(sequence.result.names.size()),
          .truth_identities = static_cast<double>(sequence.truth.names.size()),
          .frames = static_cast<double>(sequence.frame_count())};
}

}  // namespace onepass::eval
