#include "track/motion/agility.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::track {
namespace {

/// After matches of objects whose width changes by a tenth from frame to frame, unless told otherwise.
Agility after(int samples, double lead, double width_ratio = 1.1) {
  Agility agility;
  for (int i = 0; i < samples; ++i) agility.learn(0.8, 0.8 + lead, width_ratio);
  return agility;
}

/// The lead with which the objects of after() reach a wildness.
double lead_for(double wildness) { return wildness / std::log(1.1); }

TEST(Agility, StartsSteady) {
  EXPECT_EQ(Agility().lead(), 0);
  EXPECT_EQ(Agility().value(), 0);
  EXPECT_EQ(Agility().output_value(), 0);
}

TEST(Agility, TheLeadIsAMeanWithAHundredSamplesOfNoLead) {
  // Without forgetting, n samples and the prior of 100 have the mean n / (100 + n) * lead.
  EXPECT_NEAR(after(100, 0.1).lead(), 0.05, 1e-12);
  EXPECT_NEAR(after(300, 0.1).lead(), 0.075, 1e-12);
}

TEST(Agility, ForgetsWhatWasThousandsOfSamplesAgo) {
  auto agility = after(20000, 0.1);
  for (int i = 0; i < 2000; ++i) agility.learn(0.8, 0.8, 1.1);
  EXPECT_NEAR(agility.lead(), 0.1 * std::pow(1 - 0.001, 2000), 1e-6);
}

TEST(Agility, WhatTheStreamHasReachedFadesSlowly) {
  auto agility = after(20000, lead_for(0.008));
  for (int i = 0; i < 10000; ++i) agility.learn(0.8, 0.8, 1.1);
  EXPECT_EQ(agility.value(), 1) << "0.008 * 0.99995^10000 is 0.00485";
  for (int i = 0; i < 10000; ++i) agility.learn(0.8, 0.8, 1.1);
  EXPECT_EQ(agility.value(), 0) << "0.00294";
}

TEST(Agility, WhatFewSamplesShowIsForgottenAtOnce) {
  auto agility = after(150, 0.2);
  EXPECT_EQ(agility.value(), 1);
  for (int i = 0; i < 2000; ++i) agility.learn(0.8, 0.8, 1.1);
  EXPECT_EQ(agility.value(), 0);
}

TEST(Agility, WildnessIsTheLeadTimesTheChangeOfShape) {
  EXPECT_NEAR(after(100, 0.1, 1.25).wildness(), 0.05 * std::log(1.25), 1e-12);
  EXPECT_NEAR(after(100, 0.1, 0.8).wildness(), 0.05 * std::log(1.25), 1e-12) << "growing or shrinking";
}

TEST(Agility, LittleWildnessLeavesThePredictionSteady) {
  EXPECT_EQ(after(20000, -0.05).value(), 0);
  EXPECT_EQ(after(20000, lead_for(0.0034)).value(), 0);
  EXPECT_NEAR(after(20000, lead_for(0.00375)).value(), 0.5, 1e-6);
  EXPECT_EQ(after(20000, lead_for(0.0041)).value(), 1);
}

TEST(Agility, ObjectsThatKeepTheirShapeStaySteady) {
  EXPECT_EQ(after(20000, 0.1, 1.0).value(), 0);
  EXPECT_GT(after(20000, 0.1, 1.0).output_value(), 0.5) << "their boxes are output mostly from the better filter";
}

TEST(Agility, OutputsTheAgileBoxFromASureLeadOn) {
  EXPECT_EQ(after(20000, 0.014, 1.0).output_value(), 0);
  EXPECT_GT(after(20000, 0.016, 1.0).output_value(), 0.5);
  EXPECT_EQ(after(10, 0.1, 1.0).output_value(), 0) << "ten samples prove little";
}

}  // namespace
}  // namespace onepass::track
