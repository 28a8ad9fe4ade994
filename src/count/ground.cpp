#include "onepass/ground.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <Eigen/SVD>
#include <opencv2/calib3d.hpp>

namespace onepass {
namespace {

using Points = std::vector<cv::Point2d>;

/// Returns whether the points lie on a line, or nearly: their spread across it is below a hundredth of that along it.
bool are_collinear(const Points& points) {
  Eigen::MatrixX2d centered(points.size(), 2);
  for (std::size_t i = 0; i < points.size(); ++i)
    centered.row(static_cast<Eigen::Index>(i)) << points[i].x, points[i].y;
  centered.rowwise() -= centered.colwise().mean().eval();
  const Eigen::Vector2d spread = Eigen::JacobiSVD<Eigen::MatrixX2d>(centered).singularValues();
  return spread(1) <= 0.01 * spread(0);
}

/// A homography is determined unless all points but one lie on a line.
bool determine_a_homography(const Points& points) {
  for (std::size_t left_out = 0; left_out < points.size(); ++left_out) {
    auto others = points;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    if (are_collinear(others)) return false;
  }
  return true;
}

cv::Vec3d mapped(const cv::Matx33d& homography, cv::Point2d point) {
  return homography * cv::Vec3d(point.x, point.y, 1);
}

}  // namespace

Ground::Ground(std::span<const GroundPoint> points, bool in_pixels) : in_pixels_(in_pixels) {
  if (points.size() < 4)
    throw std::invalid_argument(fmt::format("the ground has {} points, needs at least 4", points.size()));
  Points image;
  Points meters;
  for (const auto& point : points) {
    image.push_back(point.image);
    meters.push_back(point.meters);
  }
  for (const auto* side : {&image, &meters}) {
    if (!determine_a_homography(*side))
      throw std::invalid_argument(fmt::format("all {} of the ground but one lie on a line; spread them over the ground",
                                              side == &image ? "image points" : "points in meters"));
  }
  const cv::Mat fitted = cv::findHomography(image, meters, 0);
  if (fitted.empty()) throw std::invalid_argument("the ground points do not determine a plane");
  homography_ = fitted;
  // The third coordinate of all visible points has one sign; it is made positive.
  if (mapped(homography_, image.front())[2] < 0) homography_ = homography_ * -1.0;
  double sum = 0;
  for (const auto& point : points) {
    const auto at = mapped(homography_, point.image);
    if (!(at[2] > 0))
      throw std::invalid_argument("no camera sees the ground points like this; check their order and coordinates");
    const cv::Point2d error = cv::Point2d(at[0] / at[2], at[1] / at[2]) - point.meters;
    sum += error.dot(error);
  }
  error_m_ = std::sqrt(sum / static_cast<double>(points.size()));
}

std::optional<cv::Point2d> Ground::to_meters(cv::Point2d pixel, cv::Size picture) const {
  const auto point = in_pixels_ ? pixel : cv::Point2d(pixel.x / picture.width, pixel.y / picture.height);
  const auto at = mapped(homography_, point);
  constexpr double farthest_m = 1e4;  // close to the horizon, a pixel is kilometers
  const cv::Point2d meters(at[0] / at[2], at[1] / at[2]);
  if (!(at[2] > 0) || !(std::abs(meters.x) < farthest_m && std::abs(meters.y) < farthest_m)) return std::nullopt;
  return meters;
}

}  // namespace onepass
