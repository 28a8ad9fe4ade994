// Areas, overlaps and texts of masks, keypoints and rotated boxes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <opencv2/core/mat.hpp>

#include "onepass/shape.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// Encodes a picture of one channel of 8 bits, in which pixels inside the object are not zero.
/// @throws std::invalid_argument for a picture of another type.
Mask to_mask(const cv::Mat& picture);

/// The mask as a picture of one channel of 8 bits: 255 inside, 0 outside; empty if there is no mask.
cv::Mat to_picture(const Mask& mask);

/// Number of pixels inside.
std::int64_t area(const Mask& mask);

/// Number of pixels inside both masks; 0 if their sizes differ.
std::int64_t intersection_area(const Mask& a, const Mask& b);

/// Intersection over union of two masks, in [0, 1]; 0 if either is empty or their sizes differ.
double intersection_over_union(const Mask& a, const Mask& b);

/// The smallest box around the pixels inside; of size 0 if there are none.
Box bounding_box(const Mask& mask);

/// The pixels of `mask` that are not in `other`. Masks of different sizes have no pixels in common.
Mask without(const Mask& mask, const Mask& other);

/// The run lengths as text, as in COCO's compressed format ("counts" of pycocotools): each run, from the third on as
/// the difference to the run two before it, in groups of 5 bits with a continuation bit, plus 48.
std::string to_coco_text(const Mask& mask);

/// Decodes a text of to_coco_text().
/// @throws std::invalid_argument saying what is wrong, if the text is malformed or its runs do not add up to
///         width · height.
Mask from_coco_text(std::string_view text, int width, int height);

/// Corners of the box, in order around it; in pixels.
std::array<cv::Point2f, 4> corners_of(const RotatedBox& box);

/// The smallest axis-aligned box around a rotated one.
Box bounding_box(const RotatedBox& box);

/// Intersection over union of two rotated boxes, in [0, 1]; 0 if either is empty.
double intersection_over_union(const RotatedBox& a, const RotatedBox& b);

/// The same box with its angle in [0, π).
RotatedBox with_half_turn(RotatedBox box);

/// The form of a box whose width, height and angle are closest to those of `reference`, among its quarter turns. The
/// angle is not wrapped: it is at most a quarter turn away from that of the reference.
RotatedBox nearest_form(const RotatedBox& box, const RotatedBox& reference);

/// The shape between two of the same object: `share` 0 is `a`, 1 is `b`. Keypoints and rotated boxes are interpolated
/// if both have them; masks are left out.
Shape between(const Shape& a, const Shape& b, float share);

}  // namespace onepass
