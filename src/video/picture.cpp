#include "video/picture.hpp"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include <opencv2/core.hpp>

extern "C" {
#include <libavutil/display.h>
}

namespace onepass::video {
namespace {

Orientation orientation_in(const AVStream& stream, const AVFrame& picture) {
  constexpr std::size_t size = 9 * sizeof(std::int32_t);
  if (const auto* data = av_frame_get_side_data(&picture, AV_FRAME_DATA_DISPLAYMATRIX); data && data->size >= size)
    return orientation_of(reinterpret_cast<const std::int32_t*>(data->data));
  std::size_t given = 0;
  const auto* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &given);
  return data && given >= size ? orientation_of(reinterpret_cast<const std::int32_t*>(data)) : Orientation();
}

}  // namespace

Orientation orientation_of(const std::int32_t* matrix) {
  // The point (p, q) is shown at (a p + c q, b p + d q).
  const std::int64_t a = matrix[0];
  const std::int64_t b = matrix[1];
  const std::int64_t c = matrix[3];
  const std::int64_t d = matrix[4];
  if (std::abs(b) + std::abs(c) > std::abs(a) + std::abs(d)) return {true, c < 0, b < 0};
  return {false, a < 0, d < 0};
}

Orientation exif_orientation(int value) {
  switch (value) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, true, false};
    case 7:
      return {true, true, true};
    case 8:
      return {true, false, true};
    default:
      return {};
  }
}

cv::Mat upright(const cv::Mat& image, const Orientation& orientation) {
  cv::Mat result = image;
  if (orientation.transposed) cv::transpose(image, result);
  const auto& [transposed, mirrored_x, mirrored_y] = orientation;
  if (!mirrored_x && !mirrored_y) return result;
  cv::Mat mirrored;
  cv::flip(result, mirrored, mirrored_x && mirrored_y ? -1 : mirrored_x ? 1 : 0);
  return mirrored;
}

cv::Size with_square_pixels(cv::Size size, double pixel_aspect) {
  constexpr double widest = 8;
  const bool usable = pixel_aspect > 1 / widest && pixel_aspect < widest && std::abs(pixel_aspect - 1) >= 0.01;
  if (!usable) return size;
  if (pixel_aspect > 1) return {static_cast<int>(std::lround(size.width * pixel_aspect)), size.height};
  return {size.width, static_cast<int>(std::lround(size.height / pixel_aspect))};
}

cv::Mat PictureConverter::to_bgr(AVFormatContext& format, AVStream& stream, AVFrame& picture) {
  const cv::Size stored(picture.width, picture.height);
  const auto size = with_square_pixels(stored, av_q2d(av_guess_sample_aspect_ratio(&format, &stream, &picture)));
  scaler_.reset(sws_getCachedContext(scaler_.release(), stored.width, stored.height,
                                     static_cast<AVPixelFormat>(picture.format), size.width, size.height,
                                     AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler_) throw std::runtime_error("the pixel format of the stream cannot be converted to BGR");
  constexpr int lanes = 64;  // in pixels; sws_scale writes rows in whole vectors
  cv::Mat padded(size.height, (size.width + lanes - 1) / lanes * lanes, CV_8UC3);
  std::uint8_t* const rows[] = {padded.data};
  const int strides[] = {static_cast<int>(padded.step)};
  sws_scale(scaler_.get(), picture.data, picture.linesize, 0, stored.height, rows, strides);
  const auto orientation = orientation_in(stream, picture);
  if (padded.cols == size.width) return upright(padded, orientation);
  const auto image = upright(padded.colRange(0, size.width), orientation);
  return image.isContinuous() ? image : image.clone();
}

}  // namespace onepass::video
