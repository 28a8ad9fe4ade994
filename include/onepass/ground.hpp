// Maps the picture of a camera to the ground: positions, speeds and distances in meters.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <opencv2/core/matx.hpp>
#include <opencv2/core/types.hpp>

#include "onepass/types.hpp"

namespace onepass {

/// A point on the ground that is known both in the picture and in meters.
struct GroundPoint {
  cv::Point2d image;
  cv::Point2d meters;
};

/// A flat ground: a homography from the picture to meters.
class Ground {
 public:
  /// Fits the homography by least squares.
  /// @param in_pixels false: image points are shares of the width and the height of the picture
  /// @throws std::invalid_argument for fewer than four points, for points of which all but one lie on a line, and for
  ///         points that no camera can see so, because their order is mixed up.
  Ground(std::span<const GroundPoint> points, bool in_pixels);

  /// Returns the place on the ground of a pixel; nullopt at and above the horizon.
  std::optional<cv::Point2d> to_meters(cv::Point2d pixel, cv::Size picture) const;

  /// Root mean square distance between the given points and their mapped ones.
  double error_m() const { return error_m_; }

 private:
  cv::Matx33d homography_;
  bool in_pixels_;
  double error_m_ = 0;
};

/// Reads the points of a camera from a YAML file with the list "ground"; docs/counting.md describes it. Returns nullopt
/// if the file has none for this camera.
/// @throws std::runtime_error naming file and line, also for what Ground refuses.
std::optional<Ground> read_ground(const std::filesystem::path& path, const std::string& camera);

/// @throws std::runtime_error naming file and line if a point names a camera that is not in the list (with the nearest
///         one).
void check_ground_cameras(const std::filesystem::path& path, std::span<const std::string> cameras);

/// Movement of one identity on the ground.
struct GroundMotion {
  cv::Point2d position;  ///< in meters
  double speed = 0;      ///< meters per second, over the last second, or since it was last seen if that is longer ago
  double distance = 0;   ///< meters walked since it was first seen, in steps of half a meter
  std::optional<double> nearest = {};  ///< meters to the nearest other identity; none if it is the only one
};

/// Follows the identities of one stream on its ground.
class GroundTracker {
 public:
  /// @param end_after_s identities that are unseen for longer are forgotten
  GroundTracker(Ground ground, double end_after_s) : ground_(std::move(ground)), end_after_s_(end_after_s) {}

  /// Returns the motion by id; identities above the horizon and predicted boxes are left out. A ground in pixels is
  /// that of the first frame; if the picture changes its size, it is scaled with it.
  std::map<std::int64_t, GroundMotion> update(const Frame& frame, std::span<const Track> tracks);

 private:
  struct Place {
    Timestamp time;
    cv::Point2d position;
  };
  struct Path {
    std::vector<Place> recent;  ///< of the last second, but at least two, oldest first
    cv::Point2d milestone;      ///< where `distance` was last increased
    double distance = 0;
  };

  cv::Point2d in_first(cv::Point2d point, cv::Size picture) const;
  GroundMotion follow(Path& path, Timestamp time, cv::Point2d position) const;

  Ground ground_;
  double end_after_s_;
  cv::Size first_size_;
  std::map<std::int64_t, Path> paths_;
};

}  // namespace onepass
