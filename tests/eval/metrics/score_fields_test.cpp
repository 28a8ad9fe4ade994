#include "eval/metrics/score_fields.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "eval/metrics/families.hpp"

namespace onepass::eval {
namespace {

ScoreField field_of(Scores& scores, const std::string& name) {
  const auto fields = fields_of(scores);
  const auto found = std::ranges::find(fields, name, &ScoreField::name);
  EXPECT_NE(found, fields.end()) << name;
  return *found;
}

TEST(ScoreFields, NamesAreUniqueAndInTheirFamilies) {
  Scores scores;
  std::set<std::string> names;
  for (const auto& field : fields_of(scores)) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    EXPECT_EQ(std::ranges::count(family_names(), field.family), 1) << field.family;
  }
  EXPECT_EQ(names.size(), 48U);  // all that TrackEval writes for these families
}

TEST(ScoreFields, SumsAndMeansOfUnitsOfTheirOwnAreNoShares) {
  Scores scores;
  EXPECT_EQ(field_of(scores, "MOTP_sum").kind, FieldKind::mean);
  EXPECT_EQ(field_of(scores, "FP_per_frame").kind, FieldKind::mean);
  EXPECT_EQ(field_of(scores, "MOTA").kind, FieldKind::share);
  EXPECT_EQ(field_of(scores, "IDSW").kind, FieldKind::count);
}

TEST(ScoreFields, AddDivideAndSummarize) {
  Scores scores, other;
  scores.clear.mota = 0.5;
  other.clear.mota = 0.25;
  scores.hota.hota.fill(0.5);
  other.hota.hota[0] = 1.9;
  add(field_of(scores, "MOTA"), field_of(other, "MOTA"));
  add(field_of(scores, "HOTA"), field_of(other, "HOTA"));
  EXPECT_DOUBLE_EQ(scores.clear.mota, 0.75);
  EXPECT_DOUBLE_EQ(scores.hota.hota[0], 2.4);
  EXPECT_DOUBLE_EQ(summary(field_of(scores, "HOTA")), 0.6);
  divide(field_of(scores, "HOTA"), 2);
  EXPECT_DOUBLE_EQ(scores.hota.hota[1], 0.25);
}

}  // namespace
}  // namespace onepass::eval
