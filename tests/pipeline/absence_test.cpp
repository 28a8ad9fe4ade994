#include "pipeline/absence.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(LongestAbsence, IsTheLongerOfTimeAndFrames) {
  TrackerConfig config;
  config.stages.clear();
  config.max_age_s = 1;
  config.min_misses = 30;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 60), 1);
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 10), 3);
  config.max_age_s = 0;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 60), 0.5);
}

TEST(LongestAbsence, IsTheLifeByAppearanceIfAStageRecoversTracks) {
  TrackerConfig config;  // the default has such a stage
  config.max_age_s = 1;
  config.appearance_age_s = 3;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 30), 3);
  config.appearance_age_s = 0.5F;
  EXPECT_DOUBLE_EQ(longest_absence_s(config, 30), 1);
}

}  // namespace
}  // namespace onepass::pipeline
