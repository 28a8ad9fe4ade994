#include "eval/metrics/identity.hpp"

#include "eval/assignment/maximum_weight.hpp"

namespace onepass::eval {
namespace {

constexpr const char* family_name = "Identity";

void form_ratios(IdentityScores& s) {
  s.recall = ratio(s.true_positives, s.true_positives + s.false_negatives);
  s.precision = ratio(s.true_positives, s.true_positives + s.false_positives);
  s.f1 = ratio(s.true_positives, s.true_positives + s.false_positives / 2 + s.false_negatives / 2);
}

void add(const IdentityScores& sequence, IdentityScores& sum) {
  sum.true_positives += sequence.true_positives;
  sum.false_negatives += sequence.false_negatives;
  sum.false_positives += sequence.false_positives;
}

ScoreFields fields(Scores& scores) {
  auto& s = scores.identity;
  return {
      {family_name, "IDF1", FieldKind::share, &s.f1},
      {family_name, "IDR", FieldKind::share, &s.recall},
      {family_name, "IDP", FieldKind::share, &s.precision},
      {family_name, "IDTP", FieldKind::count, &s.true_positives},
      {family_name, "IDFN", FieldKind::count, &s.false_negatives},
      {family_name, "IDFP", FieldKind::count, &s.false_positives},
  };
}

}  // namespace

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

Family identity_family() {
  return {.name = family_name,
          .score =
              [](const FamilyInput& input, SequenceScores& scores) {
                scores.scores.identity = score_identity(input.sequence, input.match_overlap);
              },
          .fields = fields,
          .add = [](const Scores& sequence, Scores& sum) { add(sequence.identity, sum.identity); },
          .form_ratios = [](Scores& sum) { form_ratios(sum.identity); },
          .has_boxes =
              [](const Scores& scores) {
                const auto& s = scores.identity;
                return s.true_positives + s.false_negatives + s.false_positives > 0;
              }};
}

}  // namespace onepass::eval
