#include "sink/counts/heat_map.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace onepass::sink {
namespace {

constexpr int longest_side = 192;     // cells
constexpr double longest_step_s = 1;  // a longer time between two frames is an outage
constexpr double blur_share = 0.012;  // standard deviation, relative to the longer side
constexpr double strongest = 0.75;    // opacity of the hottest place

cv::Size cells_for(cv::Size picture) {
  const double scale = longest_side / static_cast<double>(std::max(picture.width, picture.height));
  return {std::max(1, static_cast<int>(std::lround(picture.width * scale))),
          std::max(1, static_cast<int>(std::lround(picture.height * scale)))};
}

}  // namespace

void HeatMap::add(const Frame& frame, std::span<const Track> tracks) {
  const auto picture = frame.size.empty() ? frame.image.size() : frame.size;
  if (picture.empty()) return;
  if (cells_.empty()) cells_ = cv::Mat1f::zeros(cells_for(picture));
  const double step_s = last_.count() < 0 ? 0 : std::clamp((frame.time - last_).count(), 0.0, longest_step_s);
  last_ = frame.time;
  for (const auto& track : tracks) {
    const double x = track.box.center_x() / static_cast<double>(picture.width);
    const double y = track.box.bottom() / static_cast<double>(picture.height);
    if (track.origin == BoxOrigin::predicted || !(x >= 0 && x < 1 && y >= 0)) continue;
    const int column = static_cast<int>(x * cells_.cols);
    const int row = std::min(static_cast<int>(std::min(y, 1.0) * cells_.rows), cells_.rows - 1);
    cells_(row, column) += static_cast<float>(step_s);
  }
}

cv::Mat draw_heat(const cv::Mat& picture, const cv::Mat1f& cells) {
  cv::Mat gray;
  cv::cvtColor(picture, gray, cv::COLOR_BGR2GRAY);
  cv::cvtColor(gray, gray, cv::COLOR_GRAY2BGR);
  if (cells.empty()) return gray;
  cv::Mat1f heat;
  const double sigma = blur_share * std::max(cells.cols, cells.rows);
  cv::GaussianBlur(cells, heat, {}, sigma, sigma, cv::BORDER_CONSTANT);
  double most = 0;
  cv::minMaxLoc(heat, nullptr, &most);
  if (!(most > 0)) return gray;
  cv::sqrt(heat / most, heat);  // shows short stays beside long ones
  cv::resize(heat, heat, picture.size(), 0, 0, cv::INTER_LINEAR);
  cv::Mat1b levels;
  heat.convertTo(levels, CV_8U, 255);
  cv::Mat colors;
  cv::applyColorMap(levels, colors, cv::COLORMAP_JET);
  for (int y = 0; y < gray.rows; ++y) {
    for (int x = 0; x < gray.cols; ++x) {
      const float opacity = static_cast<float>(strongest) * std::min(1.0F, 3 * heat(y, x));
      auto& pixel = gray.at<cv::Vec3b>(y, x);
      const auto& color = colors.at<cv::Vec3b>(y, x);
      for (int channel = 0; channel < 3; ++channel)
        pixel[channel] = cv::saturate_cast<unsigned char>(opacity * static_cast<float>(color[channel]) +
                                                          (1 - opacity) * static_cast<float>(pixel[channel]));
    }
  }
  return gray;
}

}  // namespace onepass::sink
