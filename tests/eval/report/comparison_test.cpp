#include "eval/report/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "eval/metrics/families.hpp"
#include "support/evaluations.hpp"
#include "support/message_of.hpp"

namespace onepass::eval {
namespace {

using test::evaluated_class;
using test::evaluated_sequence;
using test::evaluated_tracker;
using test::evaluation;
using testing::HasSubstr;

const ScoreDifference& difference(const Comparison& comparison, const std::string& name) {
  return *std::ranges::find(comparison.differences, name, &ScoreDifference::name);
}

TEST(Comparison, SubtractsTheirScoresFromOurs) {
  const auto comparisons = compare(evaluation({evaluated_tracker("ours", 4)}),
                                   evaluation({evaluated_tracker("theirs", 2)}), {.resamples = 100});
  ASSERT_EQ(comparisons.size(), 1U);
  const auto& switches = difference(comparisons[0], "IDSW");
  EXPECT_EQ(switches.ours, 0);
  EXPECT_EQ(switches.theirs, 2);
  EXPECT_THAT(switches.by_sequence, testing::ElementsAre(-1, -1));
  EXPECT_EQ(switches.low, -2);
  EXPECT_EQ(switches.high, -2);
  EXPECT_EQ(switches.verdict(), "better");
  EXPECT_DOUBLE_EQ(switches.p_value, 2.0 / 101);
  EXPECT_DOUBLE_EQ(difference(comparisons[0], "IDF1").difference(), 0.5);
  EXPECT_EQ(difference(comparisons[0], "LocA").verdict(), "within noise");
}

TEST(Comparison, OtherClassesAreRefused) {
  const auto car = [](const std::string& name) { return evaluated_class(name, {evaluated_sequence("A", 4)}); };
  const auto two = evaluation({{"two", {car("car"), car("van")}}});
  const auto one = evaluation({{"one", {car("car")}}});
  const auto message = "two and one were evaluated for different classes; the first difference is van against none";
  EXPECT_THAT(test::message_of([&] { compare(two, one, {.resamples = 100}); }), HasSubstr(message));
  EXPECT_THAT(test::message_of([&] { compare(one, two, {.resamples = 100}); }), HasSubstr("none against van"));
}

TEST(Comparison, OtherSequencesAreNamed) {
  const auto with = [](const std::string& second) {
    return evaluation({{"t", {evaluated_class("car", {evaluated_sequence("A", 4), evaluated_sequence(second, 4)})}}});
  };
  EXPECT_THAT(test::message_of([&] { compare(with("B"), with("C"), {.resamples = 100}); }),
              HasSubstr("t and t were evaluated on different sequences; the first difference is B against C (setting: "
                        "seqmap)"));
}

TEST(Comparison, TheTableNamesItsConfidence) {
  const auto ours = evaluation({evaluated_tracker("ours", 4)});
  const auto comparisons = compare(ours, ours, {.resamples = 100, .confidence = 0.9});
  EXPECT_THAT(to_table(comparisons, family_names()), HasSubstr("90 % interval"));
}

}  // namespace
}  // namespace onepass::eval
