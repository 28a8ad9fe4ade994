// Defines what segmentation, pose and oriented-box models say about an object beyond its box.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace onepass {

/// The pixels of an object in a frame of width x height pixels, as the run lengths of COCO: numbers of pixels that are
/// alternately outside and inside, column by column from the upper left corner. Empty if there is no mask.
struct Mask {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> runs;

  bool empty() const { return runs.empty(); }
  bool operator==(const Mask&) const = default;
};

/// A point of a skeleton, in pixels of the original frame.
struct Keypoint {
  float x = 0;
  float y = 0;
  float score = 0;  ///< in [0, 1]; 1 if the model gives none

  bool operator==(const Keypoint&) const = default;
};

/// A box turned about its center. The same object has several forms, since a quarter turn swaps width and height.
struct RotatedBox {
  float center_x = 0;
  float center_y = 0;
  float width = 0;
  float height = 0;
  float angle = 0;  ///< in radians, clockwise in the image, from the x axis to the side called width

  bool operator==(const RotatedBox&) const = default;
};

/// Each part is empty if the model does not give it.
struct Shape {
  Mask mask;
  std::vector<Keypoint> keypoints;  ///< in the order of the model's skeleton
  std::optional<RotatedBox> rotated;

  bool operator==(const Shape&) const = default;
};

}  // namespace onepass
