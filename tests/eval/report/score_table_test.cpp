#include "eval/report/score_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/evaluations.hpp"

namespace onepass::eval {
namespace {

using test::evaluated_class;
using test::evaluated_sequence;
using test::evaluated_tracker;
using test::evaluation;
using testing::HasSubstr;

TEST(ScoreTable, HasALinePerSequenceAndTheirCombination) {
  const auto tables = score_tables(evaluation({evaluated_tracker("t", 2)}), {"CLEAR"});
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].title, "t: pedestrian");
  EXPECT_THAT(tables[0].head, testing::ElementsAre("MOTA", "MOTP", "CLR_FP", "CLR_FN", "IDSW", "Frag", "MT", "ML"));
  ASSERT_EQ(tables[0].rows.size(), 3U);
  EXPECT_EQ(tables[0].rows[0].name, "A");
  EXPECT_EQ(tables[0].rows[2].name, combined_name);
  EXPECT_THAT(tables[0].rows[2].cells, testing::ElementsAre("75.000", "100.000", "0", "0", "2", "0", "2", "0"));
}

TEST(ScoreTable, SeveralTrackersAndClassesAreSummarized) {
  const auto of = [](const std::string& name) { return evaluated_class(name, {evaluated_sequence("A", 2)}); };
  EvaluatedTracker tracker{"t", {of("car"), of("van")}};
  tracker.class_average = tracker.classes[0].combined;
  tracker.all_boxes = tracker.classes[1].combined;
  EXPECT_EQ(lines_of(tracker).size(), 6U);
  const auto tables = score_tables(evaluation({tracker, evaluated_tracker("u", 4)}), {"Count"});
  EXPECT_EQ(tables.back().title, "all trackers");
  EXPECT_EQ(tables.back().rows.size(), 2U);
  EXPECT_THAT(to_text(tables), HasSubstr("t: cls_comb_det_av"));
}

}  // namespace
}  // namespace onepass::eval
