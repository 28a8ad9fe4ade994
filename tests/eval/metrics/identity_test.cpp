#include "eval/metrics/identity.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/overlaps.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
using test::labeled_box;
using test::overlaps;

TEST(Identity, OneTrackIsAssignedToEachIdentity) {
  // Track 7 covers identity 1 for three frames and then identity 2 for two; track 8 the other way around for one frame.
  const auto truth = [](int) { return std::vector{labeled_box(1, 0), labeled_box(2, 50)}; };
  const Frames frames{truth(0), truth(1), truth(2), truth(3), truth(4)};
  const Frames result{{labeled_box(7, 0)},
                      {labeled_box(7, 0)},
                      {labeled_box(7, 0)},
                      {labeled_box(7, 50)},
                      {labeled_box(7, 50), labeled_box(8, 0)}};
  const auto scores = score_identity(overlaps(frames, result), 0.5);
  EXPECT_EQ(scores.true_positives, 3);  // 1 and 7 (3), nothing for 8; 2 and 7 with 1 and 8 would be 2 + 1 as well
  EXPECT_EQ(scores.false_negatives, 7);
  EXPECT_EQ(scores.false_positives, 3);
  EXPECT_DOUBLE_EQ(scores.recall, 0.3);
  EXPECT_DOUBLE_EQ(scores.precision, 0.5);
  EXPECT_DOUBLE_EQ(scores.f1, 3.0 / 8);
}

TEST(Identity, ATrackNeedsTheMinimumOverlap) {
  const auto near = overlaps({{labeled_box(1, 0)}}, {{labeled_box(1, 5)}});  // IoU 1/3
  EXPECT_EQ(score_identity(near, 0.5).true_positives, 0);
  EXPECT_EQ(score_identity(near, 0.3).true_positives, 1);
}

}  // namespace
}  // namespace onepass::eval
