#include "track/motion/image_motion.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace onepass::track {
namespace {

constexpr int longest_side = 640;  // pixels; fast, and sufficient for camera motion

cv::Mat small_gray(const cv::Mat& image) {
  cv::Mat gray;
  if (image.channels() == 1) {
    gray = image;
  } else {
    cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
  }
  const double scale = std::min(1.0, static_cast<double>(longest_side) / std::max(image.cols, image.rows));
  cv::Mat small;
  cv::resize(gray, small, {}, scale, scale, cv::INTER_AREA);
  return small;
}

/// Mask of an image `scale` times as large as the frame: 255 for background, 0 inside objects.
cv::Mat background_mask(const cv::Size& size, double scale, std::span<const Rectangle> objects) {
  cv::Mat mask(size, CV_8U, cv::Scalar(255));
  const cv::Rect2d frame(0, 0, size.width, size.height);
  for (const auto& object : objects) {
    const cv::Rect2d box(scale * object.left, scale * object.top, scale * object.width(), scale * object.height());
    mask(cv::Rect(box & frame)) = 0;
  }
  return mask;
}

/// Converts a 2x3 matrix; returns the identity if it is not plausible.
Warp to_warp(const cv::Mat& matrix) {
  constexpr double largest_change = 0.5;  // max |log(scale)| between two frames; more is a failure or a cut
  cv::Mat_<double> m;
  matrix.convertTo(m, CV_64F);
  const Warp warp{m(0, 0), m(0, 1), m(0, 2), m(1, 0), m(1, 1), m(1, 2)};
  const bool finite = std::isfinite(warp.xx + warp.xy + warp.x + warp.yx + warp.yy + warp.y);
  return finite && std::abs(std::log(warp.scale())) < largest_change ? warp : Warp{};
}

}  // namespace

Warp ImageMotion::estimate(const cv::Mat& image, std::span<const Rectangle> objects) {
  if (image.empty()) {
    gray_.release();
    return {};
  }
  const cv::Mat gray = small_gray(image);
  const double scale = static_cast<double>(gray.cols) / image.cols;
  const cv::Mat mask = background_mask(gray.size(), scale, objects);
  Warp warp;
  if (!gray_.empty() && image.size() == frame_size_) warp = method_ == CameraMotion::ecc ? ecc(gray, mask) : flow(gray);
  warp.x /= scale;
  warp.y /= scale;
  if (method_ == CameraMotion::flow) cv::goodFeaturesToTrack(gray, corners_, 500, 0.01, 8, mask);
  gray_ = gray;
  frame_size_ = image.size();
  return warp;
}

Warp ImageMotion::flow(const cv::Mat& gray) const {
  constexpr std::size_t fewest_points = 8;
  if (corners_.size() < fewest_points) return {};
  std::vector<cv::Point2f> found;
  std::vector<unsigned char> status;
  cv::calcOpticalFlowPyrLK(gray_, gray, corners_, found, status, cv::noArray());
  std::vector<cv::Point2f> before;
  std::vector<cv::Point2f> after;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (status[i] == 0) continue;
    before.push_back(corners_[i]);
    after.push_back(found[i]);
  }
  if (before.size() < fewest_points) return {};
  cv::Mat inliers;
  const auto matrix = cv::estimateAffinePartial2D(before, after, inliers, cv::RANSAC, 2.0);
  if (matrix.empty() || static_cast<std::size_t>(cv::countNonZero(inliers)) < fewest_points) return {};
  return to_warp(matrix);
}

Warp ImageMotion::ecc(const cv::Mat& gray, const cv::Mat& mask) const {
  // Finds the warp that maps points of the previous image to this one. It fails for images without texture.
  cv::Mat matrix = cv::Mat::eye(2, 3, CV_32F);
  const cv::TermCriteria until(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 50, 1e-4);
  try {
    cv::findTransformECC(gray_, gray, matrix, cv::MOTION_EUCLIDEAN, until, mask, 5);
  } catch (const cv::Exception& error) {
    if (error.code != cv::Error::StsNoConv) throw;
    return {};
  }
  return to_warp(matrix);
}

}  // namespace onepass::track
