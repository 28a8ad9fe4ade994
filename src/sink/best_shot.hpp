// The best view of an identity so far: a small picture cut out of the frame where it was seen best.
#pragma once

#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass {

struct BestShot {
  cv::Mat image;  ///< 8-bit BGR, at most best_shot_size pixels high and wide; replaced as a whole, never written into
  double quality = 0;
};

/// How good a view this is: score times visible height in pixels, times the share of the box that lies in the frame and
/// that no other box covers whose lower edge is nearer to the camera.
double view_quality(const Track& track, std::span<const Track> all, cv::Size frame);

/// Takes the view of this frame where it is clearly better than the best so far, so that few pictures are cut out.
/// Returns whether it was taken; never for a frame without image.
bool improve(BestShot& best, const Frame& frame, const Track& track, std::span<const Track> all);

/// The picture as JPEG; empty for an empty one.
std::vector<unsigned char> to_jpeg(const cv::Mat& image, int quality);

}  // namespace onepass
