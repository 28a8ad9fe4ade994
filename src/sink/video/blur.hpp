// Makes parts of an image unrecognizable.
#pragma once

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

/// Replaces a region by the means of its blocks, blended smoothly. The result depends on nothing but these means. There
/// are about eight blocks along the longer side of the region, of at least 16 pixels; the blocks lie on a grid that
/// begins in the image's corner, and the region grows to whole blocks.
void make_unrecognizable(cv::Mat& image, const cv::Rect& region);

}  // namespace onepass::sink
