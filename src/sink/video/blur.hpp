// Makes parts of an image unrecognizable.
#pragma once

#include <span>

#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::sink {

enum class BlurredPart {
  whole,  ///< the whole box
  upper   ///< its upper two fifths: head and shoulders of a standing person
};

/// Returns the region to blur for a box: the part with a margin of 15% of the box's longer side, at least 8 pixels,
/// clipped to the image. Empty outside the image.
cv::Rect blurred_region(const Box& box, BlurredPart part, cv::Size image);

/// Side of the blocks of a region, in pixels: the power of two that gives at most eight along its longer side, at least
/// 16.
int block_side(const cv::Rect& region);

/// Returns a copy of the image in which regions are replaced by the means of their blocks, blended smoothly: nothing
/// but these means is left of them. Blocks lie on a grid that begins in the image's corner, and a region grows to whole
/// blocks; where regions overlap, the larger blocks win.
cv::Mat unrecognizable(const cv::Mat& image, std::span<const cv::Rect> regions);

}  // namespace onepass::sink
