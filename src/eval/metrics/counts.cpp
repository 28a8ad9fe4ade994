#include "eval/metrics/counts.hpp"

namespace onepass::eval {
namespace {

constexpr const char* family_name = "Count";

void score(const FamilyInput& input, SequenceScores& scores) {
  const auto& sequence = input.sequence;
  scores.scores.count = {.boxes = static_cast<double>(sequence.result.box_count()),
                         .truth_boxes = static_cast<double>(sequence.truth.box_count()),
                         .identities = static_cast<double>(sequence.result.names.size()),
                         .truth_identities = static_cast<double>(sequence.truth.names.size()),
                         .frames = static_cast<double>(sequence.frame_count())};
}

ScoreFields fields(Scores& scores) {
  auto& s = scores.count;
  return {
      {family_name, "Dets", FieldKind::count, &s.boxes},
      {family_name, "GT_Dets", FieldKind::count, &s.truth_boxes},
      {family_name, "IDs", FieldKind::count, &s.identities},
      {family_name, "GT_IDs", FieldKind::count, &s.truth_identities},
      {family_name, "Frames", FieldKind::count, &s.frames},
  };
}

void add(const Scores& sequence, Scores& sum) {
  using S = CountScores;
  for (const auto count : {&S::boxes, &S::truth_boxes, &S::identities, &S::truth_identities, &S::frames})
    sum.count.*count += sequence.count.*count;
}

}  // namespace

Family count_family() {
  return {.name = family_name,
          .score = score,
          .fields = fields,
          .add = add,
          .form_ratios = [](Scores&) {},
          .has_boxes = [](const Scores& scores) { return scores.count.boxes + scores.count.truth_boxes > 0; }};
}

}  // namespace onepass::eval
