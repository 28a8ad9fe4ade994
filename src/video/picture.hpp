// Converts decoded pictures to upright BGR images with square pixels.
#pragma once

#include <opencv2/core/mat.hpp>

#include "video/ffmpeg.hpp"

namespace onepass::video {

/// One of the eight ways to hold a camera: the stored picture is transposed first, and then mirrored.
struct Orientation {
  bool transposed = false;
  bool mirrored_x = false;  ///< left and right are swapped
  bool mirrored_y = false;  ///< top and bottom are swapped

  bool operator==(const Orientation&) const = default;
};

/// Returns the orientation of a display matrix (ISO/IEC 14496-12, 6.2.2), turned to the nearest right angle.
/// @param matrix nine numbers in 16.16 fixed point, row by row
Orientation orientation_of(const std::int32_t* matrix);

/// Returns the orientation of an EXIF value (EXIF 2.3, 4.6.4 A): 1 to 8; upright for other values.
Orientation exif_orientation(int value);

/// Returns the image as it is to be seen; the pixels are shared if it is upright already.
cv::Mat upright(const cv::Mat& image, const Orientation& orientation);

/// Returns the size in square pixels of a picture whose pixels are `pixel_aspect` times as wide as high: one side is
/// enlarged. Differences below a percent are ignored; they come from rounding in containers.
cv::Size with_square_pixels(cv::Size size, double pixel_aspect);

class PictureConverter {
 public:
  /// Returns a copy of the picture as 8-bit BGR. The orientation is that of the picture or else of the stream.
  /// @throws std::runtime_error if the pixel format cannot be converted.
  cv::Mat to_bgr(AVFormatContext& format, AVStream& stream, AVFrame& picture);

 private:
  Scaler scaler_;
};

}  // namespace onepass::video
