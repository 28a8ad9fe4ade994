// The camera's motion between two images, away from the objects in them.
#pragma once

#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "onepass/config.hpp"
#include "track/kalman_filter.hpp"

namespace onepass {

/// True for the sources of camera motion that read the images themselves.
inline bool reads_images(CameraMotion source) { return source == CameraMotion::flow || source == CameraMotion::ecc; }

/// Aligns each image with the one before: by sparse optical flow of corners (flow), or by maximising the correlation
/// of the images (ecc). Works on small grey images. Objects are masked out, so that they do not pass for the camera.
class ImageMotion {
 public:
  /// @param method flow or ecc.
  explicit ImageMotion(CameraMotion method) : method_(method) {}

  /// The motion from the last image to this one, in pixels of the frame. None for the first image, without image,
  /// after a change of size, and where the images cannot be aligned.
  Warp estimate(const cv::Mat& image, std::span<const Rectangle> objects);

 private:
  Warp flow(const cv::Mat& gray) const;
  Warp ecc(const cv::Mat& gray, const cv::Mat& mask) const;

  CameraMotion method_;
  cv::Size frame_size_;               ///< of the last image
  cv::Mat gray_;                      ///< the last image, small
  std::vector<cv::Point2f> corners_;  ///< in it, outside objects
};

}  // namespace onepass
