// Stores masks, keypoints and rotated boxes in the arrays of a file of recorded detections.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "onepass/shape.hpp"

namespace onepass::io {
struct NpyArray;
struct NpzEntry;
}  // namespace onepass::io

namespace onepass::pipeline {

/// Collects the shapes of detections, one by one, and gives the arrays that hold them, all float32:
/// "rotated" (N×5: center x, center y, width, height, angle; a row of zeros: none), "keypoints" (N×K×3: x, y, score;
/// rows with fewer keypoints end with scores of -1), "mask_sizes" (N×3: width, height, number of runs) and "mask_runs"
/// (the runs of all masks, one after the other). Arrays of parts that no detection has are left out.
class ShapeRecorder {
 public:
  void add(const Shape& shape);

  /// The arrays; they point into the recorder, which must outlive them. Call it after the last add().
  std::vector<io::NpzEntry> entries();

 private:
  std::vector<float> rotated_, sizes_, runs_, points_;
  std::vector<std::vector<Keypoint>> keypoints_;
  bool has_rotated_ = false;
};

/// Reads the shapes of `count` detections; all are empty if the file has none.
/// @throws std::runtime_error naming the array and the row that is wrong.
std::vector<Shape> read_shapes(const std::map<std::string, io::NpyArray>& arrays, std::int64_t count);

}  // namespace onepass::pipeline
