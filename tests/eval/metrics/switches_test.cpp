#include "eval/metrics/switches.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "eval/metrics/clear.hpp"
#include "support/overlaps.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
using test::labeled_box;
using test::overlaps;

TEST(Switches, FramesAreCountedOnBothSides) {
  // Track 7 for two frames, none for one, track 8 for one, track 7 again for two.
  Frames truth(6, {labeled_box(4, 0)});
  const Frames result{{labeled_box(7, 0)}, {labeled_box(7, 0)}, {},
                      {labeled_box(8, 1)}, {labeled_box(7, 0)}, {labeled_box(7, 0)}};
  const auto sequence = overlaps(truth, result);
  std::vector<ClearMatch> matches;
  score_clear(sequence, 0.5, matches);
  const auto switches = find_switches(sequence, matches, test::labeled_sequence(truth), test::labeled_sequence(result));
  ASSERT_EQ(switches.size(), 2U);
  EXPECT_EQ(switches[0].frame, 4);
  EXPECT_EQ(switches[0].truth_id, 4);
  EXPECT_EQ(switches[0].previous_track, 7);
  EXPECT_EQ(switches[0].track, 8);
  EXPECT_EQ(switches[0].frames_before, 2);
  EXPECT_EQ(switches[0].frames_after, 1);
  EXPECT_EQ(switches[0].track_box.left, 1);
  EXPECT_EQ(switches[1].frame, 5);
  EXPECT_EQ(switches[1].frames_before, 1);
  EXPECT_EQ(switches[1].frames_after, 2);
}

TEST(Switches, TheWorstLoseTheMostFrames) {
  const auto event = [](std::int64_t frame, std::int64_t before, std::int64_t after) {
    return IdentitySwitch{.frame = frame, .frames_before = before, .frames_after = after};
  };
  const auto worst = worst_switches({event(1, 9, 1), event(2, 3, 4), event(3, 5, 3), event(4, 8, 8)}, 3);
  ASSERT_EQ(worst.size(), 3U);
  EXPECT_EQ(worst[0].frame, 4);
  EXPECT_EQ(worst[1].frame, 2);
  EXPECT_EQ(worst[2].frame, 3);
}

}  // namespace
}  // namespace onepass::eval
