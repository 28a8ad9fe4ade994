// Camera motion between frames, read from a file or estimated from tracks and detections.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <vector>

#include "track/motion/kalman_filter.hpp"

namespace onepass::track {

/// Precomputed warps, one per frame. Each line holds a frame number and the 2x3 warp from the previous frame to this
/// one, in row-major order. The first line belongs to the first frame of the source, whatever its number.
class WarpFile {
 public:
  /// @throws std::runtime_error naming the file, the line and what was expected.
  explicit WarpFile(const std::filesystem::path& path);

  /// The motion from frame `from` to frame `to` (positions in the source). Frames missing from the file count as not
  /// moved.
  Warp between(std::int64_t from, std::int64_t to) const;

 private:
  std::map<std::int64_t, Warp> warps_;  ///< by position of the frame in the source; files may leave out frames
};

/// The warp that applies `first` and then `second`.
Warp composed(const Warp& first, const Warp& second);

struct Shift {
  double x = 0;
  double y = 0;
};

/// Estimates camera motion as the common displacement of objects of unchanged size: pairs predicted tracks and
/// detections that are mutual nearest neighbors, takes the median displacement, and refines it in three rounds. The
/// result is shrunk toward zero where the displacements scatter widely. Buffers are reused between frames.
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

  std::vector<Place> tracks_, detections_;  ///< both sorted by x
  std::vector<Nearest> nearest_detection_, nearest_track_;
  std::vector<double> across_, down_;
};

}  // namespace onepass::track
