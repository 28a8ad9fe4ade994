#include "track/motion/kalman_filter.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

namespace onepass::track {
namespace {

using Matrix8 = Eigen::Matrix<double, 8, 8>;
using Vector8 = Eigen::Matrix<double, 8, 1>;

/// The Kalman filter of textbooks: state (x, y, w, h, and their velocities), full matrices.
struct MatrixFilter {
  Vector8 state = Vector8::Zero();
  Matrix8 covariance = Matrix8::Zero();

  void predict(const Vector8& deviations) {
    Matrix8 transition = Matrix8::Identity();
    transition.topRightCorner<4, 4>().setIdentity();
    state = transition * state;
    covariance = transition * covariance * transition.transpose();
    covariance += Matrix8(deviations.cwiseAbs2().asDiagonal());
  }

  void correct(const Eigen::Vector4d& measured, const Eigen::Vector4d& deviations) {
    Eigen::Matrix<double, 4, 8> observation = Eigen::Matrix<double, 4, 8>::Zero();
    observation.leftCols<4>().setIdentity();
    const Eigen::Matrix4d innovation_covariance =
        observation * covariance * observation.transpose() + Eigen::Matrix4d(deviations.cwiseAbs2().asDiagonal());
    const Eigen::Matrix<double, 8, 4> gain = covariance * observation.transpose() * innovation_covariance.inverse();
    state += gain * (measured - observation * state);
    covariance = (Matrix8::Identity() - gain * observation) * covariance;
  }
};

Vector8 process_deviations(const Vector8& state) {
  const double w = state[2];
  const double h = state[3];
  Vector8 deviations;
  deviations << 0.04 * w, 0.04 * h, 0.04 * w, 0.04 * h, w * 0.004167F, h * 0.004167F, w * 0.004167F, h * 0.004167F;
  return deviations;
}

TEST(KalmanFilter, EqualsTheFilterOfFullMatrices) {
  const TrackerConfig config;
  const MotionModel motion(config);
  struct Seen {
    Rectangle box;
    double score;
    double hidden_share;
  };
  const std::vector<Seen> observations = {{{103, 52, 141, 160}, 0.9, 0},
                                          {{107, 51, 146, 163}, 0.55, 0},
                                          {{109, 55, 147, 161}, 0.7, 0.25},
                                          {{116, 54, 153, 166}, 1, 0}};
  auto filter = motion.initiate({100, 50, 140, 160});
  MatrixFilter expected;
  expected.state << 120, 105, 40, 110, 0, 0, 0, 0;
  Vector8 initial;
  initial << 0.14 * 40, 0.14 * 110, 0.14 * 40, 0.14 * 110, 40 * 0.04167F, 110 * 0.04167F, 40 * 0.04167F, 110 * 0.04167F;
  expected.covariance = initial.cwiseAbs2().asDiagonal();
  for (const auto& [box, score, hidden_share] : observations) {
    motion.predict(filter, 1, Visibility::seen);
    expected.predict(process_deviations(expected.state));
    const Eigen::Vector4d measured(box.center_x(), box.center_y(), box.width(), box.height());
    const double w = expected.state[2];
    const double h = expected.state[3];
    const double factor = 0.07 * (1 + (1 - score)) * (1 + 2 * hidden_share);  // doubled for the size
    expected.correct(measured, {factor * w, factor * h, 2 * factor * w, 2 * factor * h});
    motion.correct(filter, box, score, hidden_share);
    for (int i = 0; i < 4; ++i) {
      EXPECT_NEAR(filter[i].position, expected.state[i], 1e-5);
      EXPECT_NEAR(filter[i].velocity, expected.state[4 + i], 1e-5);
      EXPECT_NEAR(filter[i].position_variance, expected.covariance(i, i), 1e-4);
      EXPECT_NEAR(filter[i].covariance, expected.covariance(i, 4 + i), 1e-4);
      EXPECT_NEAR(filter[i].velocity_variance, expected.covariance(4 + i, 4 + i), 1e-4);
    }
  }
}

TEST(KalmanFilter, BelowOneFrameTheNoiseOfTheVelocityDoesNotReachThePosition) {
  const MotionModel motion({});
  const auto before = motion.initiate({100, 50, 140, 160});
  for (const double frames : {0.25, 0.75}) {
    auto after = before;
    motion.predict(after, frames, Visibility::seen);
    const double noise = 0.04 * 40;  // of x, per frame
    EXPECT_NEAR(after[0].position_variance,
                before[0].position_variance + frames * frames * before[0].velocity_variance + frames * noise * noise,
                1e-6)
        << frames;
  }
}

TEST(KalmanFilter, OneLongStepEqualsSeveralShortOnes) {
  TrackerConfig config;
  config.noise = NoiseModel::sort;  // noise that does not depend on the box, so that the steps compare exactly
  config.box = BoxModel::xywh;
  const MotionModel motion(config);
  auto filter = motion.initiate({10, 20, 30, 60});
  motion.predict(filter, 1, Visibility::seen);
  motion.correct(filter, {14, 21, 33, 63}, 0.8, 0);
  auto long_step = filter;
  motion.predict(long_step, 5, Visibility::seen);
  for (int step = 0; step < 5; ++step) motion.predict(filter, 1, Visibility::seen);
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(long_step[i].position, filter[i].position, 1e-9);
    EXPECT_NEAR(long_step[i].position_variance, filter[i].position_variance, 1e-9);
    EXPECT_NEAR(long_step[i].covariance, filter[i].covariance, 1e-9);
    EXPECT_NEAR(long_step[i].velocity_variance, filter[i].velocity_variance, 1e-9);
  }
}

TEST(KalmanFilter, FractionsOfAFrameKeepVariancesPositive) {
  const TrackerConfig config;
  const MotionModel motion(config);
  auto filter = motion.initiate({0, 0, 50, 100});
  for (const double frames : {0.01, 0.3, 0.5, 0.75, 0.99, 1.01, 1.5, 0.2}) {
    motion.predict(filter, frames, Visibility::seen);
    motion.correct(filter, {0, 0, 50, 100}, 1, 0);
    for (const auto& axis : filter) {
      EXPECT_GT(axis.position_variance, 0);
      EXPECT_GT(axis.velocity_variance, 0);
      EXPECT_GE(axis.position_variance * axis.velocity_variance, axis.covariance * axis.covariance);
    }
  }
}

TEST(KalmanFilter, EveryBoxModelReturnsTheBoxItWasGiven) {
  for (const auto model : {BoxModel::xywh, BoxModel::xyah, BoxModel::xysr}) {
    TrackerConfig config;
    config.box = model;
    const MotionModel motion(config);
    const Rectangle given{12, 34, 62, 154};
    const auto box = motion.box(motion.initiate(given));
    EXPECT_NEAR(box.left, given.left, 1e-9);
    EXPECT_NEAR(box.top, given.top, 1e-9);
    EXPECT_NEAR(box.right, given.right, 1e-9);
    EXPECT_NEAR(box.bottom, given.bottom, 1e-9);
    EXPECT_NEAR(motion.squared_mahalanobis(motion.initiate(given), given), 0, 1e-12);
  }
}

TEST(KalmanFilter, ABoxOutOfSightKeepsItsSizeAndItsWay) {
  const TrackerConfig config;
  const MotionModel motion(config);
  auto filter = motion.initiate({0, 0, 40, 80});
  for (int i = 1; i <= 10; ++i) {  // moves right and grows
    motion.predict(filter, 1, Visibility::seen);
    motion.correct(filter, {3.0 * i, 0, 40 + 5.0 * i, 80 + 4.0 * i}, 1, 0);
  }
  const auto before = motion.box(filter);
  motion.predict(filter, 4, Visibility::lost);
  const auto after = motion.box(filter);
  EXPECT_NEAR(after.width(), before.width(), 1e-9);
  EXPECT_NEAR(after.height(), before.height(), 1e-9);
  EXPECT_GT(after.center_x(), before.center_x() + 4);
}

TEST(KalmanFilter, AVanishingAreaStopsShrinking) {
  TrackerConfig config;
  config.box = BoxModel::xysr;
  config.noise = NoiseModel::sort;
  const MotionModel motion(config);
  auto filter = motion.initiate({0, 0, 10, 10});
  filter[2].velocity = -60;
  motion.predict(filter, 1, Visibility::seen);
  EXPECT_NEAR(filter[2].position, 40, 1e-9);
  motion.predict(filter, 1, Visibility::seen);
  EXPECT_NEAR(filter[2].position, 40, 1e-9) << "another step would have made the area negative";
}

TEST(KalmanFilter, AFaintDetectionMovesTheBoxLess) {
  const TrackerConfig config;
  const MotionModel motion(config);
  auto sure = motion.initiate({0, 0, 40, 80});
  auto faint = sure;
  motion.correct(sure, {10, 0, 50, 80}, 0.9, 0);
  motion.correct(faint, {10, 0, 50, 80}, 0.1, 0);
  EXPECT_GT(sure[0].position, faint[0].position + 0.5);
}

TEST(KalmanFilter, AnAgileCorrectionIsThatOfLessMeasurementNoise) {
  TrackerConfig config;
  config.agile_noise = 0.02F;
  auto precise = config;
  precise.measurement_noise = 0.02F;
  const MotionModel motion(config);
  auto agile = motion.initiate({0, 0, 40, 80});
  auto expected = agile;
  motion.correct_agile(agile, {10, 0, 50, 80}, 0.7, 0.4);
  MotionModel(precise).correct(expected, {10, 0, 50, 80}, 0.7, 0.4);
  for (int i = 0; i < 4; ++i) {
    EXPECT_NEAR(agile[i].position, expected[i].position, 1e-6);
    EXPECT_NEAR(agile[i].velocity_variance, expected[i].velocity_variance, 1e-6);
  }
}

TEST(KalmanFilter, TheBoxOfTwoFiltersLiesBetweenThem) {
  const MotionModel motion({});
  const auto steady = motion.initiate({0, 0, 40, 80});
  const auto agile = motion.initiate({10, 20, 60, 120});
  EXPECT_EQ(motion.box(steady, agile, 0).right, motion.box(steady).right);
  EXPECT_NEAR(motion.box(steady, agile, 1).bottom, 120, 1e-9);
  const auto between = motion.box(steady, agile, 0.25);
  EXPECT_NEAR(between.left, 2.5, 1e-9);
  EXPECT_NEAR(between.top, 5, 1e-9);
  EXPECT_NEAR(between.right, 45, 1e-9);
  EXPECT_NEAR(between.bottom, 90, 1e-9);
}

TEST(KalmanFilter, AWarpMovesTurnsAndScales) {
  const TrackerConfig config;
  const MotionModel motion(config);
  auto filter = motion.initiate({100, 200, 140, 300});
  filter[0].velocity = 3;
  const double variance = filter[2].position_variance;
  motion.warp(filter, {0, -2, 7, 2, 0, -5});  // a quarter turn, twice as large, then (7, -5)
  EXPECT_NEAR(filter[0].position, -2 * 250 + 7, 1e-9);
  EXPECT_NEAR(filter[1].position, 2 * 120 - 5, 1e-9);
  EXPECT_NEAR(filter[0].velocity, 0, 1e-9);
  EXPECT_NEAR(filter[1].velocity, 6, 1e-9);
  EXPECT_NEAR(filter[2].position, 80, 1e-9);
  EXPECT_NEAR(filter[3].position, 200, 1e-9);
  EXPECT_NEAR(filter[2].position_variance, 4 * variance, 1e-9);
}

}  // namespace
}  // namespace onepass::track
