#include "pipeline/absence.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(LongestAbsence, IsTheLongerOfTimeAndFrames) {
  TrackerConfig config;
  config.max_age_s = 1;
  config.min_misses = 30;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 60), 1);
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 10), 3);
  config.max_age_s = 0;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 60), 0.5);
}

}  // namespace
}  // namespace onepass::pipeline
