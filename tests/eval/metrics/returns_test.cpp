#include "eval/metrics/returns.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
using test::labeled_box;
using test::labeled_sequence;

constexpr double here = 0, there = 100, beyond = 200;  // places that do not overlap

/// Appends frames in which these boxes stay.
void stay(Frames& frames, int count, const std::vector<LabeledBox>& boxes) {
  for (int i = 0; i < count; ++i) frames.push_back(boxes);
}

ReturnCounts count(const Frames& truth, const Frames& result) {
  return count_returns(labeled_sequence(truth), labeled_sequence(result), {}, {.absence_frames = 3, .least_frames = 2});
}

TEST(Returns, AReturnIsKeptIfItsIdIsThatOfThePreviousVisit) {
  Frames truth, result;
  stay(truth, 5, {labeled_box(1, here), labeled_box(2, there)});
  stay(truth, 3, {labeled_box(2, there)});  // a gap of 4 frames from box to box
  stay(truth, 5, {labeled_box(1, here)});
  stay(truth, 3, {labeled_box(2, there)});
  stay(result, 5, {labeled_box(11, here), labeled_box(12, there)});
  stay(result, 3, {labeled_box(12, there)});
  stay(result, 5, {labeled_box(11, here)});
  stay(result, 3, {labeled_box(13, there)});
  const auto counts = count(truth, result);
  EXPECT_EQ(counts.returns, 2);
  EXPECT_EQ(counts.kept, 1);
  EXPECT_EQ(counts.merged_returns, 0);
  EXPECT_EQ(counts.newcomers, 2);
  EXPECT_EQ(counts.ids, 3);
  EXPECT_EQ(counts.shared_ids, 0);
}

TEST(Returns, AShorterGapIsNoAbsence) {
  Frames truth;
  stay(truth, 5, {labeled_box(1, here)});
  stay(truth, 2, {});
  stay(truth, 5, {labeled_box(1, here)});
  EXPECT_EQ(count(truth, truth).returns, 0);
}

TEST(Returns, AnIdThatIsBroughtBackForSomebodyElseIsAMerge) {
  Frames truth, result;
  stay(truth, 5, {labeled_box(1, here)});
  stay(truth, 4, {});
  stay(truth, 5, {labeled_box(2, there)});
  stay(truth, 4, {});
  stay(truth, 5, {labeled_box(1, here)});
  stay(result, 5, {labeled_box(11, here)});
  stay(result, 4, {});
  stay(result, 5, {labeled_box(11, there)});
  stay(result, 4, {});
  stay(result, 5, {labeled_box(12, here)});
  const auto counts = count(truth, result);
  EXPECT_EQ(counts.newcomers, 2);
  EXPECT_EQ(counts.merged_newcomers, 1);
  EXPECT_EQ(counts.returns, 1);
  EXPECT_EQ(counts.kept, 0);
  EXPECT_EQ(counts.merged_returns, 0);
  EXPECT_EQ(counts.shared_ids, 1);
}

TEST(Returns, AnIdThatIsSwappedInACrossingIsSharedButNotMerged) {
  Frames truth, result;
  stay(truth, 5, {labeled_box(1, here)});
  stay(truth, 9, {labeled_box(2, there)});
  stay(result, 5, {labeled_box(11, here)});
  stay(result, 9, {labeled_box(11, there)});
  const auto counts = count(truth, result);
  EXPECT_EQ(counts.merged_newcomers, 0);
  EXPECT_EQ(counts.ids, 1);
  EXPECT_EQ(counts.shared_ids, 1);
}

TEST(Returns, VisitsWithFewMatchesDoNotCount) {
  Frames truth, result;
  stay(truth, 5, {labeled_box(1, here)});
  stay(truth, 4, {});
  stay(truth, 5, {labeled_box(1, here)});
  stay(result, 5, {labeled_box(11, here)});
  stay(result, 4, {});
  stay(result, 1, {labeled_box(11, here)});
  stay(result, 4, {labeled_box(11, beyond)});
  EXPECT_EQ(count(truth, result).returns, 0);
}

TEST(Returns, SumsAddEveryCount) {
  const std::array counts{ReturnCounts{1, 2, 3, 4, 5, 6, 7}, ReturnCounts{10, 20, 30, 40, 50, 60, 70}};
  const auto total = sum(counts);
  EXPECT_EQ(total.returns, 11);
  EXPECT_EQ(total.kept, 22);
  EXPECT_EQ(total.merged_returns, 33);
  EXPECT_EQ(total.newcomers, 44);
  EXPECT_EQ(total.merged_newcomers, 55);
  EXPECT_EQ(total.ids, 66);
  EXPECT_EQ(total.shared_ids, 77);
}

}  // namespace
}  // namespace onepass::eval
