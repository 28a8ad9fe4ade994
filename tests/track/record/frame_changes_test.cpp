#include "track/record/frame_changes.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

TEST(FrameChanges, AFrameBeginsWithoutChanges) {
  FrameChanges changes;
  changes.matched.push_back({1, 2, 3, 0.5, Comparison{}});
  changes.started.push_back({4, 5, 0, {}});
  changes.identified.push_back({1, {}, 0});
  changes.ended.push_back({0, EndReason::duplicate});
  changes.clear();
  EXPECT_EQ(changes.matched.size() + changes.started.size() + changes.identified.size() + changes.ended.size(), 0U);
}

}  // namespace
}  // namespace onepass::track
