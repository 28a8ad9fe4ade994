#include "eval/metrics/hota.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/overlaps.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
using test::labeled_box;
using test::overlaps;

TEST(Hota, OverlapsByHand) {
  // Boxes 10 wide, 5 apart: overlap 50 of 150, a third. Found at the alphas up to 0.30.
  const auto scores = score_hota(overlaps({{labeled_box(1, 0)}}, {{labeled_box(1, 5)}}));
  EXPECT_EQ(scores.true_positives[5], 1);
  EXPECT_EQ(scores.true_positives[6], 0);
  EXPECT_DOUBLE_EQ(scores.localization[5], 1.0 / 3);
  EXPECT_DOUBLE_EQ(scores.localization[6], 1);
}

TEST(Hota, TheMatchingPrefersTheTrackThatFollowsTheIdentityLonger) {
  // In the last frame, both tracks overlap equally; track 8 has followed the identity for three frames, track 7 for
  // one.
  const auto one = labeled_box(1, 0);
  const auto scores =
      score_hota(overlaps({{one}, {one}, {one}, {one}, {one}}, {{labeled_box(7, 0)},
                                                                {labeled_box(8, 0)},
                                                                {labeled_box(8, 0)},
                                                                {labeled_box(8, 0)},
                                                                {labeled_box(7, 0), labeled_box(8, 0)}}));
  // Track 8: 4 matches of 5 + 4 - 4 boxes; track 7: 1 match of 5 + 2 - 1 boxes.
  EXPECT_DOUBLE_EQ(scores.association_accuracy[0], (4 * (4.0 / 5) + 1 * (1.0 / 6)) / 5);
  EXPECT_DOUBLE_EQ(scores.detection_accuracy[0], 5.0 / 6);
  EXPECT_DOUBLE_EQ(scores.hota[0], std::sqrt(scores.detection_accuracy[0] * scores.association_accuracy[0]));
}

}  // namespace
}  // namespace onepass::eval
