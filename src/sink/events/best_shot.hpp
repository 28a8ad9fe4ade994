// Keeps the best view of an identity: a small crop of the frame in which it was seen best.
#pragma once

#include <span>

#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::sink {

struct BestShot {
  cv::Mat image;  ///< 8-bit BGR, at most best_shot_size pixels high and wide; replaced as a whole, never modified
  double quality = 0;
};

/// Returns the quality of a view: the score, times the visible height in pixels, times the share of the box inside the
/// frame, times the share not covered by another box. Only boxes with a lower bottom edge, which are nearer to the
/// camera, count as covering.
double view_quality(const Track& track, std::span<const Track> all, cv::Size frame);

/// Returns the box with a margin, in whole pixels, clipped to the frame.
cv::Rect view_of(const Box& box, cv::Size frame);

/// Whether a view of this quality should replace the best one; the threshold keeps the number of crops small.
bool is_clearly_better(double quality, double best);

/// Takes the view of this frame if it is clearly better than the best one so far. Returns true if the view was taken;
/// always false for a frame without image.
bool improve(BestShot& best, const Frame& frame, const Track& track, std::span<const Track> all);

}  // namespace onepass::sink
