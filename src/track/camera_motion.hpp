// How the image moved between two frames: from a file, or from the tracks and detections themselves.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "track/kalman_filter.hpp"

namespace onepass {

/// Warps by frame, as computed beforehand. Lines hold a frame number and the 2x3 warp from the frame before to this
/// one, row by row; the first line belongs to the first frame of the source, whatever its number.
class WarpFile {
 public:
  /// @throws std::runtime_error naming file, line and what was expected.
  explicit WarpFile(const std::filesystem::path& path);

  /// The motion from frame `from` to frame `to` (positions in the source); frames not in the file did not move.
  Warp between(std::int64_t from, std::int64_t to) const;

 private:
  std::vector<Warp> warps_;  ///< by position in the source
};

/// `second` after `first`.
Warp composed(const Warp& first, const Warp& second);

struct Shift {
  double x = 0;
  double y = 0;
};

/// The camera's motion as the common displacement of objects that keep their size: tracks as predicted and detections
/// are paired as mutual nearest neighbours, the median displacement is taken, and three rounds align it. What the
/// spread of the displacements does not support is shrunk towards zero. Keeps its memory between frames.
class BoxMotion {
 public:
  Shift estimate(std::span<const Rectangle> predicted, std::span<const Rectangle> detected);

 private:
  struct Place {
    double x, y, height, log_height;
  };
  struct Nearest {
    double distance;
    int number;
  };

  static void place_all(std::span<const Rectangle> boxes, std::vector<Place>& places);
  void find_nearest(Shift shift);

  std::vector<Place> tracks_, detections_;  ///< detections in order of x
  std::vector<Nearest> nearest_detection_, nearest_track_;
  std::vector<double> across_, down_;
};

}  // namespace onepass
