#include "eval/metrics/clear.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/overlaps.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
using test::labeled_box;
using test::overlaps;

ClearScores clear(const Frames& truth, const Frames& result) {
  std::vector<ClearMatch> matches;
  return score_clear(overlaps(truth, result), 0.5, matches);
}

TEST(Clear, AThirdOfOverlapIsNoMatch) {
  const auto scores = clear({{labeled_box(1, 0)}}, {{labeled_box(1, 5)}});
  EXPECT_EQ(scores.true_positives, 0);
  EXPECT_DOUBLE_EQ(scores.mota, -1);
  EXPECT_EQ(scores.mostly_lost, 1);
}

TEST(Clear, AMatchIsKeptAgainstABetterOverlap) {
  // In the second frame, track 8 overlaps more than track 7, the match of the first frame.
  const auto scores =
      clear({{labeled_box(1, 0)}, {labeled_box(1, 0)}}, {{labeled_box(7, 0)}, {labeled_box(7, 2), labeled_box(8, 0)}});
  EXPECT_EQ(scores.identity_switches, 0);
  EXPECT_DOUBLE_EQ(scores.overlap_sum, 1 + 80.0 / 120);
}

TEST(Clear, FragmentsAndLostIdentities) {
  // Found, lost and found again; and an identity found in one of six frames.
  const Frames truth(6, {labeled_box(1, 0), labeled_box(2, 50)});
  const Frames result{{labeled_box(7, 0)},   {labeled_box(8, 200)},
                      {labeled_box(7, 0)},   {labeled_box(7, 0), labeled_box(9, 50)},
                      {labeled_box(8, 200)}, {labeled_box(7, 0)}};
  const auto scores = clear(truth, result);
  EXPECT_EQ(scores.fragmentations, 2);
  EXPECT_EQ(scores.identity_switches, 0);
  EXPECT_EQ(scores.partly_tracked, 1);
  EXPECT_EQ(scores.mostly_lost, 1);
}

TEST(Clear, TheLogarithmOfSwitchesIsInMotalOnly) {
  const Frames truth(20, {labeled_box(1, 0)});
  Frames result;
  for (int frame = 0; frame < 20; ++frame) result.push_back({labeled_box(frame < 11 ? frame : 10, 0)});
  const auto scores = clear(truth, result);
  EXPECT_EQ(scores.identity_switches, 10);
  EXPECT_DOUBLE_EQ(scores.mota, 0.5);
  EXPECT_DOUBLE_EQ(scores.moda, 1);
  EXPECT_DOUBLE_EQ(scores.motal, 0.95);
}

}  // namespace
}  // namespace onepass::eval
