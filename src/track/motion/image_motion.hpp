// Estimates camera motion between two images from their background.
#pragma once

#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "onepass/config.hpp"
#include "track/motion/kalman_filter.hpp"

namespace onepass::track {

/// True if this source of camera motion needs the images.
inline bool reads_images(CameraMotion source) { return source == CameraMotion::flow || source == CameraMotion::ecc; }

/// Aligns each image with the previous one by sparse optical flow of corners (flow) or by maximizing the correlation of
/// the images (ecc). Works on small gray images. Objects are masked out so that their motion is not taken for the
/// camera's.
class ImageMotion {
 public:
  /// @param method flow or ecc.
  explicit ImageMotion(CameraMotion method) : method_(method) {}

  /// The motion from the previous image to this one, in pixels of the frame. Identity for the first image, an empty
  /// image, after a change of size, and if the images cannot be aligned.
  Warp estimate(const cv::Mat& image, std::span<const Rectangle> objects);

 private:
  Warp flow(const cv::Mat& gray) const;
  Warp ecc(const cv::Mat& gray, const cv::Mat& mask) const;

  CameraMotion method_;
  cv::Size frame_size_;               ///< size of the previous frame
  cv::Mat gray_;                      ///< previous image, downscaled
  std::vector<cv::Point2f> corners_;  ///< corners in gray_, outside objects
};

}  // namespace onepass::track
