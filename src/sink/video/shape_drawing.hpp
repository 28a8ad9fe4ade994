// Draws masks, skeletons and rotated boxes.
#pragma once

#include <array>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::sink {

/// Style of the lines of a track.
struct LineStyle {
  cv::Scalar color;
  int width = 1;
  bool dashed = false;
};

/// Blends the color over the pixels of the mask, half transparent. A mask of another size than the image is fitted.
void fill_mask(cv::Mat& image, const Mask& mask, const cv::Scalar& color);

/// Draws the keypoints with a score of at least ½ and, of the 17 keypoints of COCO, the bones between them.
void draw_skeleton(cv::Mat& image, const std::vector<Keypoint>& keypoints, const LineStyle& style);

/// Draws the outline of a box given by its corners, in order around it.
void draw_outline(cv::Mat& image, const std::array<cv::Point, 4>& corners, const LineStyle& style);

/// The corners of a rotated box in whole pixels; those far outside the image are moved closer.
std::array<cv::Point, 4> pixel_corners(const RotatedBox& box, cv::Size image);

}  // namespace onepass::sink
