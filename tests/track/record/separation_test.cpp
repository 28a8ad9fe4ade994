#include "track/record/separation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace onepass::track {
namespace {

TEST(Separation, FollowsMeanAndVarianceByEitherRule) {
  Separation exact{0, 0, 0, 0, 0};
  exact.learn(0.2, 0.6, memory_rule);
  exact.learn(0.4, 0.8, memory_rule);
  EXPECT_DOUBLE_EQ(exact.match_mean, 0.3);
  EXPECT_DOUBLE_EQ(exact.match_variance, 0.01);  // of 0.2 and 0.4
  EXPECT_DOUBLE_EQ(exact.rival_mean, 0.7);
  EXPECT_NEAR(exact.rival_variance, 0.01, 1e-15);
  Separation about_new_mean{0, 0, 0, 0, 0};
  about_new_mean.learn(0.2, 0.6, stream_rule);
  about_new_mean.learn(0.4, 0.8, stream_rule);
  EXPECT_DOUBLE_EQ(about_new_mean.match_mean, 0.3);
  EXPECT_NEAR(about_new_mean.match_variance, 0.005, 1e-15);  // (0.4 - 0.3)^2 / 2
}

TEST(Separation, LearnsNoSlowerThanItsRule) {
  Separation memory{10000, 0, 0, 0, 0};
  memory.learn(1, 1, memory_rule);
  EXPECT_DOUBLE_EQ(memory.match_mean, 0.002);
  EXPECT_DOUBLE_EQ(memory.match_variance, 0.998 * 0.002);
  Separation stream{10000, 0, 0, 0, 0};
  stream.learn(1, 1, stream_rule);
  EXPECT_DOUBLE_EQ(stream.match_mean, 0.005);
  EXPECT_DOUBLE_EQ(stream.match_variance, 0.005 * 0.995 * 0.995);
}

TEST(Separation, MeasuresDistancesInItsGap) {
  const Separation separation{100, 0.2, 0.01, 0.6, 0.03};
  EXPECT_DOUBLE_EQ(separation.gap(), 0.4);
  EXPECT_DOUBLE_EQ(separation.deviation(), std::sqrt(0.02 + 1e-6));
  EXPECT_DOUBLE_EQ(separation.relative(0.2), 0);
  EXPECT_DOUBLE_EQ(separation.relative(0.6), 1);
  EXPECT_DOUBLE_EQ(separation.relative(0.3), 0.25);
}

TEST(Reliability, IsZeroBeforeFiftySamplesAndFullForClearOnes) {
  Separation separation;
  for (int i = 0; i < 50; ++i) separation.learn(0.1, 0.5, stream_rule);
  EXPECT_EQ(reliability_of(separation), 0);
  separation.learn(0.1, 0.5, stream_rule);
  EXPECT_EQ(reliability_of(separation), 1);
  EXPECT_NEAR(separation.match_mean, 0.1, 1e-9);
  EXPECT_NEAR(separation.gap(), 0.4, 1e-9);
}

TEST(Reliability, StartsWithTheExpectedDistancesAndThenLearns) {
  auto separation = expected_separation({1000, 0.2, 0.01, 0.35, 0.01});
  EXPECT_EQ(separation.samples, 200);
  EXPECT_NEAR(reliability_of(separation), 1.5 / 2.5, 1e-3);
  EXPECT_DOUBLE_EQ(separation.match_mean, 0.2);
  for (int i = 0; i < 2000; ++i) separation.learn(0.4, 0.4, stream_rule);  // here distances do not discriminate
  EXPECT_EQ(reliability_of(separation), 0);
  EXPECT_THROW(expected_separation({50, 0.2, -1, 0.4, 0.1}), std::invalid_argument);
  EXPECT_THROW(expected_separation({50, std::nan(""), 0.1, 0.4, 0.1}), std::invalid_argument);
  EXPECT_EQ(reliability_of(expected_separation({})), 0);
  EXPECT_EQ(reliability_of(expected_separation({20, 0.2, 0.001, 0.5, 0.001})), 0) << "too few to trust";
}

TEST(Reliability, MeasuresTheSeparationInDeviations) {
  std::mt19937 random(2);
  std::normal_distribution<double> noise(0, 0.1);
  Separation separation;
  for (int i = 0; i < 20000; ++i) separation.learn(0.3 + noise(random), 0.45 + noise(random), stream_rule);
  EXPECT_NEAR(reliability_of(separation), 1.5 / 2.5, 0.1);
}

TEST(Reliability, DistancesThatDoNotDiscriminateGiveZero) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 0.1);
  Separation separation;
  for (int i = 0; i < 5000; ++i) {
    separation.learn(0.5 + noise(random), 0.5 + noise(random), stream_rule);
    ASSERT_EQ(reliability_of(separation), 0) << i;
  }
  Separation inverted;
  for (int i = 0; i < 500; ++i) inverted.learn(0.5, 0.3, stream_rule);
  EXPECT_EQ(reliability_of(inverted), 0) << "rivals that look more alike than the object itself";
}

}  // namespace
}  // namespace onepass::track
