#include "sink/video/jpeg.hpp"

#include <algorithm>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace onepass::sink {

cv::Mat shrunk(const cv::Mat& image, int longest) {
  const double scale = longest / static_cast<double>(std::max(image.cols, image.rows));
  if (scale >= 1) return image;
  const cv::Size size(std::max(1, static_cast<int>(image.cols * scale)),
                      std::max(1, static_cast<int>(image.rows * scale)));
  cv::Mat result;
  cv::resize(image, result, size, 0, 0, cv::INTER_AREA);
  return result;
}

std::vector<unsigned char> to_jpeg(const cv::Mat& image, int quality) {
  std::vector<unsigned char> bytes;
  if (!image.empty()) cv::imencode(".jpg", image, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return bytes;
}

}  // namespace onepass::sink
