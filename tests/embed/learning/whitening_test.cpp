#include "embed/learning/whitening.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "support/message_of.hpp"

namespace onepass::embed {
namespace {

/// Columns of unit variance, except in the first channel of each part, whose standard deviation is 10.
Eigen::MatrixXf noisy_first_channel(Eigen::Index parts, Eigen::Index channels, Eigen::Index count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  Eigen::MatrixXf deviations(parts * channels, count);
  for (auto& value : deviations.reshaped()) value = normal(generator);
  for (Eigen::Index part = 0; part < parts; ++part) deviations.row(part * channels) *= 10;
  return deviations;
}

WhiteningSamples deviations_only(Eigen::Index parts, Eigen::Index channels, Eigen::Index count, unsigned seed) {
  return {noisy_first_channel(parts, channels, count, seed), Eigen::MatrixXf(parts * channels, 0)};
}

TEST(PartsTogether, DivideThePartsAndAreBounded) {
  EXPECT_EQ(parts_together(8, 32), 8);
  EXPECT_EQ(parts_together(8, 64), 4);
  EXPECT_EQ(parts_together(6, 64), 3);
  EXPECT_EQ(parts_together(8, 1024), 1);
}

TEST(Whitening, LeavesValuesAloneBeforeTheFirstDeviation) {
  const Whitening whitening(2, 3);
  Eigen::MatrixXf values = Eigen::MatrixXf::Random(6, 4);
  const Eigen::MatrixXf before = values;
  whitening.apply(values);
  EXPECT_EQ(values, before);
}

TEST(Whitening, MakesDeviationsAlikeInAllDirections) {
  Whitening whitening(2, 3);
  whitening.learn(deviations_only(2, 3, 4000, 1));
  auto fresh = noisy_first_channel(2, 3, 4000, 2);
  whitening.apply(fresh);
  for (Eigen::Index part = 0; part < 2; ++part) {
    const Eigen::Vector3f power = fresh.middleRows(3 * part, 3).rowwise().squaredNorm() / 4000;
    EXPECT_LT(power.maxCoeff() / power.minCoeff(), 6) << "100 without it; shrinkage keeps some of it";
    EXPECT_GT(power.minCoeff(), 0.01F);
  }
}

TEST(Whitening, DirectionsInWhichObjectsDoNotDifferHardlyCount) {
  Whitening whitening(1, 3);
  Eigen::MatrixXf means = noisy_first_channel(1, 3, 4000, 2);
  means.row(2).setZero();
  whitening.learn({Eigen::MatrixXf(noisy_first_channel(1, 3, 4000, 1).colwise().reverse()), means});
  Eigen::MatrixXf axes = Eigen::Matrix3f::Identity();
  whitening.apply(axes);
  EXPECT_GT(axes.col(0).norm(), axes.col(1).norm());
  EXPECT_GT(axes.col(1).norm(), 3 * axes.col(2).norm());
}

TEST(Whitening, IsTheFactorOfTheLikelihoodRatio) {
  const auto deviations = noisy_first_channel(1, 4, 200, 3), means = noisy_first_channel(1, 4, 150, 4);
  Whitening whitening(1, 4);
  whitening.learn({deviations, means});
  Eigen::Matrix4d within = (deviations * deviations.transpose()).cast<double>();
  within = (within + 50 * Eigen::Matrix4d::Identity()) / 250;
  within += 0.1 * within.trace() / 4 * Eigen::Matrix4d::Identity();
  const Eigen::Matrix4d both = 1.1 * within + (means * means.transpose()).cast<double>() / 200;
  const Eigen::Matrix4d metric = within.inverse() - both.inverse();
  const Eigen::MatrixXf before = Eigen::MatrixXf::Random(4, 5);
  Eigen::MatrixXf values = before;
  whitening.apply(values);
  const Eigen::MatrixXd expected = metric.llt().matrixU() * before.cast<double>();
  EXPECT_LT((values.cast<double>() - expected).norm(), 1e-4);
}

TEST(Whitening, TheOrderOfPortionsDoesNotMatterWhileNothingFades) {
  const auto samples = deviations_only(2, 3, 300, 4);
  Whitening at_once(2, 3), in_portions(2, 3);
  at_once.learn({samples.deviations, samples.deviations});
  for (Eigen::Index i = 0; i < 300; i += 3) {
    const Eigen::MatrixXf portion = samples.deviations.middleCols(i, 3);
    in_portions.learn({portion, portion});
  }
  const auto &once = at_once.learned(), &often = in_portions.learned();
  EXPECT_EQ(once.within.weight, often.within.weight);
  EXPECT_EQ(once.between.weight, often.between.weight);
  for (std::size_t part = 0; part < 2; ++part) {
    EXPECT_LT((once.within.parts[part] - often.within.parts[part]).norm(), 1e-3);
    EXPECT_LT((once.between.parts[part] - often.between.parts[part]).norm(), 1e-3);
  }
}

TEST(Whitening, GoesOnFromWhatWasLearned) {
  Whitening first(2, 3), second(2, 3);
  first.learn({noisy_first_channel(2, 3, 400, 5), noisy_first_channel(2, 3, 400, 6)});
  second.resume(first.learned());
  Eigen::MatrixXf ours = Eigen::MatrixXf::Random(6, 2);
  Eigen::MatrixXf theirs = ours;
  first.apply(ours);
  second.apply(theirs);
  EXPECT_EQ(ours, theirs);
  EXPECT_THAT(test::message_of([&] { Whitening(3, 3).resume(first.learned()); }), testing::HasSubstr("2 parts"));
  EXPECT_THAT(test::message_of([&] { Whitening(2, 4).resume(first.learned()); }),
              testing::HasSubstr("parts of 4 values"));
}

}  // namespace
}  // namespace onepass::embed
