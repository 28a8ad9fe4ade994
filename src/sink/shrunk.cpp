#include "sink/shrunk.hpp"

#include <algorithm>

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

}  // namespace onepass::sink
