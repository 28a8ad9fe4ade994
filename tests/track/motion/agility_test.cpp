#include "track/motion/agility.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace onepass::track {
namespace {

/// After matches with this lead, of objects whose width grows by a tenth from frame to frame.
Agility after(int samples, double lead, double change = std::log(1.1)) {
  Agility agility;
  for (int i = 0; i < samples; ++i) {
    agility.learn_lead(0.8, 0.8 + lead);
    agility.learn_shape(change, change);
  }
  return agility;
}

/// The lead with which the objects of after() reach a wildness.
double lead_for(double wildness) { return wildness / (3 * std::pow(std::log(1.1), 2)); }

TEST(Agility, StartsSteady) {
  EXPECT_EQ(Agility().lead(), 0);
  EXPECT_EQ(Agility().wildness(), 0);
  EXPECT_EQ(Agility().value(), 0);
  EXPECT_EQ(Agility().output_value(), 0);
}

TEST(Agility, TheLeadIsAMeanWithAHundredSamplesOfNoLead) {
  // Without forgetting, n samples and the prior of 100 have the mean n / (100 + n) * lead.
  EXPECT_NEAR(after(100, 0.1).lead(), 0.05, 1e-12);
  EXPECT_NEAR(after(300, 0.1).lead(), 0.075, 1e-12);
}

TEST(Agility, ForgetsWhatWasTensOfThousandsOfSamplesAgo) {
  auto agility = after(20000, 0.1);
  const double before = agility.lead();
  EXPECT_EQ(agility.value(), 1);
  for (int i = 0; i < 40000; ++i) agility.learn_lead(0.8, 0.8);
  EXPECT_NEAR(agility.lead(), before * std::pow(1 - 0.0001, 40000), 1e-9);
  EXPECT_EQ(agility.value(), 0);
}

TEST(Agility, WildnessIsTheLeadTimesTheVarianceOfTheChangeOfShape) {
  // Two equal changes in a row c have c^2 + 2 c^2.
  EXPECT_NEAR(after(100, 0.1, 0.2).wildness(), 0.05 * 3 * 0.04, 1e-12);
  EXPECT_NEAR(after(100, 0.1, -0.2).wildness(), 0.05 * 3 * 0.04, 1e-12) << "growing or shrinking";
}

TEST(Agility, NoiseOfSingleDetectionsIsNoChangeOfShape) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.1), motion(0, 0.05);
  Agility noisy, moving;
  double last = 0, before = 0, pace = 0;
  for (int i = 0; i < 100000; ++i) {
    noisy.learn_lead(0.7, 0.8);
    moving.learn_lead(0.7, 0.8);
    const double width = noise(random);  // logarithm
    noisy.learn_shape(last - before, width - last);
    before = last;
    last = width;
    const double next = motion(random);
    moving.learn_shape(pace, next);
    pace = next;
  }
  EXPECT_LT(noisy.wildness(), 0.1 * 0.002) << "the variance of its changes is 0.02";
  EXPECT_NEAR(moving.wildness(), 0.1 * 0.0025, 0.1 * 0.001) << "independent steps are a change";
}

TEST(Agility, LittleWildnessLeavesThePredictionSteady) {
  EXPECT_EQ(after(200000, -0.05).value(), 0);
  EXPECT_EQ(after(200000, lead_for(0.00027)).value(), 0);
  EXPECT_NEAR(after(200000, lead_for(0.00031)).value(), 0.5, 1e-6);
  EXPECT_EQ(after(200000, lead_for(0.00035)).value(), 1);
}

TEST(Agility, ObjectsThatKeepTheirShapeStaySteady) {
  EXPECT_EQ(after(200000, 0.1, 0).value(), 0);
  EXPECT_GT(after(200000, 0.1, 0).output_value(), 0.5) << "their boxes are output mostly from the better filter";
}

TEST(Agility, OutputsTheAgileBoxFromASureLeadOn) {
  EXPECT_EQ(after(200000, 0.014, 0).output_value(), 0);
  EXPECT_GT(after(200000, 0.016, 0).output_value(), 0.5);
  EXPECT_EQ(after(10, 0.1, 0).output_value(), 0) << "ten samples prove little";
}

}  // namespace
}  // namespace onepass::track
