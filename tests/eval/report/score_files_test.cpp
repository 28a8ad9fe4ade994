#include "eval/report/score_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/evaluations.hpp"

namespace onepass::eval {
namespace {

using nlohmann::json;
using test::evaluated_class;
using test::evaluated_sequence;
using test::evaluated_tracker;
using test::evaluation;
using testing::HasSubstr;

TEST(ScoreFiles, JsonHasTheChosenFamilies) {
  const auto scores = json::parse(to_json(evaluation({evaluated_tracker("t", 2)}), {"HOTA", "Identity"}));
  EXPECT_EQ(scores["t"]["A"]["HOTA"]["AssA"].size(), 19U);
  EXPECT_DOUBLE_EQ(scores["t"]["A"]["HOTA"]["AssA"][0], 0.5);
  EXPECT_DOUBLE_EQ(scores["t"]["COMBINED"]["Identity"]["IDF1"], 0.5);
  EXPECT_FALSE(scores["t"]["A"].contains("CLEAR"));
}

TEST(ScoreFiles, SeveralClassesAreOneLevelDeeper) {
  const auto of = [](const std::string& name) { return evaluated_class(name, {evaluated_sequence("A", 2)}); };
  const auto scores = json::parse(to_json(evaluation({{"t", {of("car"), of("van")}}}), {"CLEAR"}));
  EXPECT_EQ(scores["t"]["COMBINED"]["van"]["CLEAR"]["IDSW"], 1);
}

TEST(ScoreFiles, CsvQuotesNamesThatNeedIt) {
  const auto csv = to_csv(evaluation({evaluated_tracker("a, \"b\"", 4)}), {"Count"});
  EXPECT_THAT(csv, testing::StartsWith("tracker,class,sequence,Dets,GT_Dets,IDs,GT_IDs,Frames\n"));
  EXPECT_THAT(csv, HasSubstr("\n\"a, \"\"b\"\"\",pedestrian,COMBINED,8,8,2,2,8\n"));
}

}  // namespace
}  // namespace onepass::eval
