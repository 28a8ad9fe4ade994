#include "sink/video/blur.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace onepass::sink {
namespace {

constexpr int blocks_along = 8;
constexpr int smallest_block = 16;
constexpr double margin = 0.15;
constexpr double smallest_margin = 8;
constexpr double upper_share = 0.4;

int rounded_up(int value, int step) { return (value + step - 1) / step * step; }

}  // namespace

cv::Rect blurred_region(const Box& box, BlurredPart part, cv::Size image) {
  const double border = std::max(smallest_margin, margin * std::max(box.width, box.height));
  const double height = part == BlurredPart::whole ? box.height : upper_share * box.height;
  const auto inside = [](double value, int size) { return std::clamp<double>(value, 0, size); };
  const double left = inside(std::floor(box.left - border), image.width);
  const double top = inside(std::floor(box.top - border), image.height);
  const double right = inside(std::ceil(box.left + box.width + border), image.width);
  const double bottom = inside(std::ceil(box.top + height + border), image.height);
  if (!(right > left) || !(bottom > top)) return {};
  return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(right - left),
          static_cast<int>(bottom - top)};
}

void make_unrecognizable(cv::Mat& image, const cv::Rect& region) {
  const cv::Rect whole({}, image.size());
  if ((region & whole).empty()) return;
  const int block =
      std::max(smallest_block, rounded_up(std::max(region.width, region.height), blocks_along) / blocks_along);
  const cv::Point first(region.x / block, region.y / block);
  const cv::Point last((std::min(region.x + region.width, image.cols) - 1) / block,
                       (std::min(region.y + region.height, image.rows) - 1) / block);
  cv::Mat means(last.y - first.y + 1, last.x - first.x + 1, image.type());
  for (int row = 0; row < means.rows; ++row) {
    for (int column = 0; column < means.cols; ++column) {
      const cv::Rect cell = cv::Rect((first.x + column) * block, (first.y + row) * block, block, block) & whole;
      means(cv::Rect(column, row, 1, 1)).setTo(cv::mean(image(cell)));
    }
  }
  cv::Mat smooth;
  cv::resize(means, smooth, {means.cols * block, means.rows * block}, 0, 0, cv::INTER_LINEAR);
  const cv::Rect target = cv::Rect(first * block, smooth.size()) & whole;
  smooth(cv::Rect({}, target.size())).copyTo(image(target));
}

}  // namespace onepass::sink
