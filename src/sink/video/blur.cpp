#include "sink/video/blur.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace onepass::sink {
namespace {

constexpr int blocks_along = 8;
constexpr int smallest_block = 16;
constexpr double margin = 0.15;
constexpr double smallest_margin = 8;
constexpr double upper_share = 0.4;

/// The blocks that a region touches, as a rectangle on the grid of blocks.
cv::Rect blocks_of(const cv::Rect& region, int side) {
  const cv::Point first(region.x / side, region.y / side);
  const cv::Point last((region.br().x - 1) / side, (region.br().y - 1) / side);
  return {first, last + cv::Point(1, 1)};
}

cv::Rect pixels_of(const cv::Rect& blocks, int side, cv::Size image) {
  return cv::Rect(blocks.tl() * side, blocks.size() * side) & cv::Rect({}, image);
}

/// Replaces all regions that have blocks of one size.
void replace(const cv::Mat& image, std::span<const cv::Rect> regions, int side, cv::Mat& result) {
  cv::Rect all;
  for (const auto& region : regions) all = all.empty() ? blocks_of(region, side) : all | blocks_of(region, side);
  cv::Mat means(all.size(), image.type());
  for (int row = 0; row < all.height; ++row) {
    for (int column = 0; column < all.width; ++column) {
      const cv::Rect block(all.x + column, all.y + row, 1, 1);
      means(cv::Rect(column, row, 1, 1)).setTo(cv::mean(image(pixels_of(block, side, image.size()))));
    }
  }
  cv::Mat smooth;
  cv::resize(means, smooth, all.size() * side, 0, 0, cv::INTER_LINEAR);
  for (const auto& region : regions) {
    const auto target = pixels_of(blocks_of(region, side), side, image.size());
    smooth(target - all.tl() * side).copyTo(result(target));
  }
}

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

int block_side(const cv::Rect& region) {
  int side = smallest_block;
  while (side * blocks_along < std::max(region.width, region.height)) side *= 2;
  return side;
}

cv::Mat unrecognizable(const cv::Mat& image, std::span<const cv::Rect> regions) {
  cv::Mat result = image.clone();
  std::map<int, std::vector<cv::Rect>> by_side;  // in order: the largest blocks are written last
  for (const auto& region : regions) {
    const auto visible = region & cv::Rect({}, image.size());
    if (!visible.empty()) by_side[block_side(region)].push_back(visible);
  }
  for (const auto& [side, same] : by_side) replace(image, same, side, result);
  return result;
}

}  // namespace onepass::sink
