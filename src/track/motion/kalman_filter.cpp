#include "track/motion/kalman_filter.hpp"

#include <cmath>

namespace onepass::track {
namespace {

constexpr double smallest_side = 1e-3;  // pixels

double square(double value) { return value * value; }

void scale_axis(AxisFilter& axis, double factor) {
  axis.position *= factor;
  axis.velocity *= factor;
  axis.position_variance *= factor * factor;
  axis.covariance *= factor * factor;
  axis.velocity_variance *= factor * factor;
}

/// Scales only the variances of a center coordinate; its position and velocity are warped as vectors.
void scale_variances(AxisFilter& axis, double factor) {
  axis.position_variance *= factor * factor;
  axis.covariance *= factor * factor;
  axis.velocity_variance *= factor * factor;
}

}  // namespace

void predict_axis(AxisFilter& axis, double steps, double q, double r) {
  const double n = steps;
  const double m = std::max(n, 1.0);
  const double steps_between = m * (m - 1) / 2;                  // sum of k < n
  const double squares_between = (m - 1) * m * (2 * m - 1) / 6;  // sum of k^2, k < n
  axis.position += n * axis.velocity;
  axis.position_variance += 2 * n * axis.covariance + n * n * axis.velocity_variance + n * q + squares_between * r;
  axis.covariance += n * axis.velocity_variance + steps_between * r;
  axis.velocity_variance += n * r;
}

void correct_axis(AxisFilter& axis, double observed, double measurement_variance) {
  const double innovation_variance = axis.position_variance + measurement_variance;
  const double position_gain = axis.position_variance / innovation_variance;
  const double velocity_gain = axis.covariance / innovation_variance;
  const double innovation = observed - axis.position;
  axis.position += position_gain * innovation;
  axis.velocity += velocity_gain * innovation;
  axis.velocity_variance -= velocity_gain * axis.covariance;
  axis.covariance -= position_gain * axis.covariance;
  axis.position_variance -= position_gain * axis.position_variance;
}

double Warp::scale() const { return std::sqrt(std::abs(xx * yy - xy * yx)); }

MotionModel::MotionModel(const TrackerConfig& config)
    : model_(config.box),
      noise_(config.noise),
      position_noise_(config.position_noise),
      velocity_noise_(config.velocity_noise),
      measurement_noise_(config.measurement_noise),
      agile_noise_(config.agile_noise),
      size_noise_(config.size_noise),
      faint_noise_(config.faint_noise),
      occlusion_noise_(config.occlusion_noise),
      nsa_(config.nsa) {}

MotionModel::Values MotionModel::state_of(const Rectangle& box) const {
  const double width = std::max(box.width(), smallest_side);
  const double height = std::max(box.height(), smallest_side);
  switch (model_) {
    case BoxModel::xywh:
      return {box.center_x(), box.center_y(), width, height};
    case BoxModel::xyah:
      return {box.center_x(), box.center_y(), width / height, height};
    case BoxModel::xysr:
      return {box.center_x(), box.center_y(), width * height, width / height};
  }
  return {};
}

Rectangle MotionModel::box(const BoxFilter& filter) const {
  double width = filter[2].position;
  double height = filter[3].position;
  if (model_ == BoxModel::xyah) width = filter[2].position * filter[3].position;
  if (model_ == BoxModel::xysr) {
    width = std::sqrt(std::max(filter[2].position * filter[3].position, smallest_side * smallest_side));
    height = filter[2].position / width;
  }
  width = std::max(width, smallest_side);
  height = std::max(height, smallest_side);
  const double x = filter[0].position;
  const double y = filter[1].position;
  return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

void MotionModel::grow(BoxFilter& filter, double factor) const {
  if (model_ == BoxModel::xysr) {
    filter[2].position *= factor * factor;  // the area
  } else {
    filter[3].position *= factor;
  }
}

MotionModel::Values MotionModel::deviation(const BoxFilter& filter, Noise noise) const {
  if (noise_ == NoiseModel::relative) return relative_deviation(filter, noise);
  switch (noise) {  // standard deviations of Q, R and P0 in SORT
    case Noise::position:
      return {1, 1, 1, 1};
    case Noise::velocity:
      return {0.1, 0.1, 0.01, 0};
    case Noise::measurement:
      return {1, 1, std::sqrt(10.0), std::sqrt(10.0)};
    case Noise::initial_position:
      return {std::sqrt(10.0), std::sqrt(10.0), std::sqrt(10.0), std::sqrt(10.0)};
    case Noise::initial_velocity:
      return {100, 100, 100, 0};
  }
  return {};
}

MotionModel::Values MotionModel::relative_deviation(const BoxFilter& filter, Noise noise) const {
  struct Shares {
    double of_length;
    double of_ratio;  // of the aspect ratio, which hardly changes: constants of DeepSORT
  };
  const auto shares = [&]() -> Shares {
    switch (noise) {
      case Noise::position:
        return {position_noise_, 1e-2};
      case Noise::velocity:
        return {velocity_noise_, 1e-5};
      case Noise::measurement:
        return {measurement_noise_, 1e-1};
      case Noise::initial_position:
        return {2 * measurement_noise_, 1e-2};
      case Noise::initial_velocity:
        return {10 * velocity_noise_, 1e-5};
    }
    return {};
  }();
  const auto length = [](double pixels) { return std::max(pixels, 1.0); };
  const double share = shares.of_length;
  if (model_ == BoxModel::xywh) {
    const double width = share * length(filter[2].position);
    const double height = share * length(filter[3].position);
    const double size_factor = noise == Noise::measurement ? size_noise_ : 1;
    return {width, height, size_factor * width, size_factor * height};
  }
  if (model_ == BoxModel::xyah) {
    const double height = share * length(filter[3].position);
    return {height, height, shares.of_ratio, height};
  }
  const double side = length(box(filter).height());
  return {share * side, share * side, 2 * share * length(filter[2].position), shares.of_ratio};
}

BoxFilter MotionModel::initiate(const Rectangle& observed) const {
  BoxFilter filter;
  const auto state = state_of(observed);
  for (std::size_t i = 0; i < filter.size(); ++i) filter[i].position = state[i];
  const auto position = deviation(filter, Noise::initial_position);
  const auto velocity = deviation(filter, Noise::initial_velocity);
  for (std::size_t i = 0; i < filter.size(); ++i) {
    filter[i].position_variance = square(position[i]);
    filter[i].velocity_variance = square(velocity[i]);
  }
  return filter;
}

void MotionModel::predict(BoxFilter& filter, double steps, Visibility visibility) const {
  const auto position = deviation(filter, Noise::position);
  const auto velocity = deviation(filter, Noise::velocity);
  if (visibility == Visibility::lost) {
    if (model_ == BoxModel::xywh) filter[2].velocity = 0;
    if (model_ != BoxModel::xysr) filter[3].velocity = 0;
  }
  const bool area_would_vanish = model_ == BoxModel::xysr && filter[2].position + steps * filter[2].velocity <= 0;
  if (area_would_vanish) filter[2].velocity = 0;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    predict_axis(filter[i], steps, square(position[i]), square(velocity[i]));
  }
}

Rectangle MotionModel::box(const BoxFilter& steady, const BoxFilter& agile, double agility) const {
  const auto from = box(steady);
  if (agility == 0) return from;
  const auto to = box(agile);
  const auto between = [agility](double a, double b) { return a + agility * (b - a); };
  return {between(from.left, to.left), between(from.top, to.top), between(from.right, to.right),
          between(from.bottom, to.bottom)};
}

void MotionModel::correct(BoxFilter& filter, const Rectangle& observed, double score, double hidden_share) const {
  correct_by(filter, observed, variance_factor(score, hidden_share));
}

void MotionModel::correct_agile(BoxFilter& filter, const Rectangle& observed, double score, double hidden_share) const {
  const double trust = square(agile_noise_ / measurement_noise_);
  correct_by(filter, observed, trust * variance_factor(score, hidden_share));
}

double MotionModel::variance_factor(double score, double hidden_share) const {
  const double deviation_factor = (1 + faint_noise_ * (1 - score)) * (1 + occlusion_noise_ * hidden_share);
  return (1 - nsa_ * std::min(score, 0.95)) * square(deviation_factor);
}

void MotionModel::correct_by(BoxFilter& filter, const Rectangle& observed, double variance_factor) const {
  const auto state = state_of(observed);
  const auto measurement = deviation(filter, Noise::measurement);
  for (std::size_t i = 0; i < filter.size(); ++i) {
    correct_axis(filter[i], state[i], square(measurement[i]) * variance_factor);
  }
}

double MotionModel::squared_mahalanobis(const BoxFilter& filter, const Rectangle& observed) const {
  const auto state = state_of(observed);
  const auto measurement = deviation(filter, Noise::measurement);
  double sum = 0;
  for (std::size_t i = 0; i < filter.size(); ++i) {
    sum += square(state[i] - filter[i].position) / (filter[i].position_variance + square(measurement[i]));
  }
  return sum;
}

Rectangle MotionModel::gate(const BoxFilter& filter, double squared_distance) const {
  const auto measurement = deviation(filter, Noise::measurement);
  const auto reach = [&](std::size_t i) {
    return std::sqrt(squared_distance * (filter[i].position_variance + square(measurement[i])));
  };
  const double x = filter[0].position;
  const double y = filter[1].position;
  return {x - reach(0), y - reach(1), x + reach(0), y + reach(1)};
}

void MotionModel::warp(BoxFilter& filter, const Warp& warp) const {
  auto& [x, y, first_size, second_size] = filter;
  const auto turn = [&](double& across, double& down) {
    const double old_across = across;
    across = warp.xx * old_across + warp.xy * down;
    down = warp.yx * old_across + warp.yy * down;
  };
  turn(x.position, y.position);
  turn(x.velocity, y.velocity);
  x.position += warp.x;
  y.position += warp.y;
  const double scale = warp.scale();
  scale_variances(x, scale);
  scale_variances(y, scale);
  if (model_ == BoxModel::xywh) scale_axis(first_size, scale);
  if (model_ == BoxModel::xysr) scale_axis(first_size, scale * scale);
  if (model_ != BoxModel::xysr) scale_axis(second_size, scale);
}

}  // namespace onepass::track
