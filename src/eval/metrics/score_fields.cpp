#include "eval/metrics/score_fields.hpp"

#include <iterator>

namespace onepass::eval {
namespace {

using Fields = std::vector<ScoreField>;
constexpr auto count = FieldKind::count;
constexpr auto ratio = FieldKind::ratio;

Fields fields_of(HotaScores& s) {
  return {
      {"HOTA", "HOTA_TP", count, &s.true_positives},
      {"HOTA", "HOTA_FN", count, &s.false_negatives},
      {"HOTA", "HOTA_FP", count, &s.false_positives},
      {"HOTA", "HOTA", ratio, &s.hota},
      {"HOTA", "DetA", ratio, &s.detection_accuracy},
      {"HOTA", "AssA", ratio, &s.association_accuracy},
      {"HOTA", "DetRe", ratio, &s.detection_recall},
      {"HOTA", "DetPr", ratio, &s.detection_precision},
      {"HOTA", "AssRe", ratio, &s.association_recall},
      {"HOTA", "AssPr", ratio, &s.association_precision},
      {"HOTA", "LocA", ratio, &s.localization},
      {"HOTA", "OWTA", ratio, &s.open_world},
      {"HOTA", "HOTA(0)", ratio, &s.hota_0},
      {"HOTA", "LocA(0)", ratio, &s.localization_0},
      {"HOTA", "HOTALocA(0)", ratio, &s.hota_localization_0},
  };
}

Fields fields_of(ClearScores& s) {
  return {
      {"CLEAR", "MOTA", ratio, &s.mota},
      {"CLEAR", "MOTP", ratio, &s.motp},
      {"CLEAR", "MODA", ratio, &s.moda},
      {"CLEAR", "CLR_Re", ratio, &s.recall},
      {"CLEAR", "CLR_Pr", ratio, &s.precision},
      {"CLEAR", "MTR", ratio, &s.mostly_tracked_ratio},
      {"CLEAR", "PTR", ratio, &s.partly_tracked_ratio},
      {"CLEAR", "MLR", ratio, &s.mostly_lost_ratio},
      {"CLEAR", "sMOTA", ratio, &s.smota},
      {"CLEAR", "CLR_F1", ratio, &s.f1},
      {"CLEAR", "FP_per_frame", ratio, &s.false_positives_per_frame},
      {"CLEAR", "MOTAL", ratio, &s.motal},
      {"CLEAR", "MOTP_sum", ratio, &s.overlap_sum},  // TrackEval averages this sum over classes as well
      {"CLEAR", "CLR_TP", count, &s.true_positives},
      {"CLEAR", "CLR_FN", count, &s.false_negatives},
      {"CLEAR", "CLR_FP", count, &s.false_positives},
      {"CLEAR", "IDSW", count, &s.identity_switches},
      {"CLEAR", "MT", count, &s.mostly_tracked},
      {"CLEAR", "PT", count, &s.partly_tracked},
      {"CLEAR", "ML", count, &s.mostly_lost},
      {"CLEAR", "Frag", count, &s.fragmentations},
      {"CLEAR", "CLR_Frames", count, &s.frames},
  };
}

Fields fields_of(IdentityScores& s) {
  return {
      {"Identity", "IDF1", ratio, &s.f1},
      {"Identity", "IDR", ratio, &s.recall},
      {"Identity", "IDP", ratio, &s.precision},
      {"Identity", "IDTP", count, &s.true_positives},
      {"Identity", "IDFN", count, &s.false_negatives},
      {"Identity", "IDFP", count, &s.false_positives},
  };
}

Fields fields_of(CountScores& s) {
  return {
      {"Count", "Dets", count, &s.boxes},     {"Count", "GT_Dets", count, &s.truth_boxes},
      {"Count", "IDs", count, &s.identities}, {"Count", "GT_IDs", count, &s.truth_identities},
      {"Count", "Frames", count, &s.frames},
  };
}

}  // namespace

std::vector<ScoreField> fields_of(Scores& scores) {
  Fields all;
  for (auto family :
       {fields_of(scores.hota), fields_of(scores.clear), fields_of(scores.identity), fields_of(scores.count)})
    std::move(family.begin(), family.end(), std::back_inserter(all));
  return all;
}

double summary(const ScoreField& field) {
  if (const auto* const* curve = std::get_if<AlphaCurve*>(&field.value)) return mean(**curve);
  return *std::get<double*>(field.value);
}

}  // namespace onepass::eval
