#include "track/motion/camera_motion.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace onepass::track {
namespace {

constexpr double farthest_pair = 0.5;  // max distance, in heights plus the logarithm of the ratio of heights
constexpr std::size_t fewest_pairs = 4;
constexpr std::int64_t longest_composition = 1000;  // frames; views farther apart have nothing in common

Warp parse_warp(const std::string& line, std::int64_t& frame, const std::string& where) {
  std::istringstream words(line);
  double number = 0;
  Warp warp;
  words >> number >> warp.xx >> warp.xy >> warp.x >> warp.yx >> warp.yy >> warp.y;
  const bool finite = std::isfinite(number + warp.xx + warp.xy + warp.x + warp.yx + warp.yy + warp.y);
  std::string rest;
  if (!words || !finite || (words >> rest) || std::abs(number) > 1e15 || warp.scale() < 1e-3 || warp.scale() > 1e3) {
    throw std::runtime_error(where + ": expected a frame number and the six numbers of a 2x3 warp in row-major order");
  }
  frame = std::llround(number);
  return warp;
}

/// The median; for an even count, the mean of the two middle values. Reorders `values`.
double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// Shrinks a median displacement according to its standard error. Replaces `values` with their absolute deviations.
double supported_part(double displacement, std::vector<double>& values) {
  for (double& value : values) value = std::abs(value - displacement);
  // 1.48 MAD estimates the standard deviation s; the standard error of the median of n values is 1.25 s / sqrt(n).
  const double error = 1.25 * 1.48 * median(values) / std::sqrt(static_cast<double>(values.size()));
  const double square = displacement * displacement;
  return displacement * square / (square + 4 * error * error + 1e-9);
}

}  // namespace

WarpFile::WarpFile(const std::filesystem::path& path) {
  if (path.empty()) throw std::runtime_error("tracker.camera_motion is file, but tracker.camera_motion_file is empty");
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.string() + ": cannot open this camera motion file");
  std::int64_t first_frame = 0;
  std::size_t line_number = 0;
  for (std::string line; std::getline(file, line);) {
    ++line_number;
    std::ranges::replace(line, ',', ' ');
    if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') continue;
    std::int64_t frame = 0;
    const auto where = fmt::format("{}:{}", path.string(), line_number);
    const auto warp = parse_warp(line, frame, where);
    if (warps_.empty()) first_frame = frame;
    const auto position = frame - first_frame;
    if (!warps_.empty() && position <= warps_.rbegin()->first) {
      throw std::runtime_error(fmt::format("{}: frame {} is out of order; frame numbers must increase", where, frame));
    }
    warps_.emplace_hint(warps_.end(), position, warp);
  }
  if (warps_.empty()) throw std::runtime_error(path.string() + ": this camera motion file has no warps");
}

Warp WarpFile::between(std::int64_t from, std::int64_t to) const {
  Warp result;
  auto next = warps_.lower_bound(std::max(from + 1, to - longest_composition));
  for (; next != warps_.end() && next->first <= to; ++next) result = composed(result, next->second);
  return result;
}

Warp composed(const Warp& first, const Warp& second) {
  return {second.xx * first.xx + second.xy * first.yx,          second.xx * first.xy + second.xy * first.yy,
          second.xx * first.x + second.xy * first.y + second.x, second.yx * first.xx + second.yy * first.yx,
          second.yx * first.xy + second.yy * first.yy,          second.yx * first.x + second.yy * first.y + second.y};
}

void BoxMotion::place_all(std::span<const Rectangle> boxes, std::vector<Place>& places) {
  places.clear();
  for (const auto& box : boxes) {
    places.push_back({box.center_x(), box.center_y(), box.height(), std::log(box.height())});
  }
  std::ranges::stable_sort(places, {}, &Place::x);
}

/// Finds the nearest detection of each track and the nearest track of each detection, within farthest_pair.
void BoxMotion::find_nearest(Shift shift) {
  const Nearest none{farthest_pair, -1};
  nearest_detection_.assign(tracks_.size(), none);
  nearest_track_.assign(detections_.size(), none);
  for (std::size_t i = 0; i < tracks_.size(); ++i) {
    const auto& track = tracks_[i];
    const double x = track.x + shift.x;
    const double y = track.y + shift.y;
    const double reach = farthest_pair * track.height;
    const double beyond = (1 + 1e-9) * reach * reach;  // no square root is needed for such pairs
    auto candidate = std::ranges::lower_bound(detections_, x - reach, {}, &Place::x);
    for (; candidate != detections_.end() && candidate->x <= x + reach; ++candidate) {
      const double down = y - candidate->y;
      if (std::abs(down) > reach) continue;
      const double across = x - candidate->x;
      const double square = across * across + down * down;
      if (square > beyond) continue;
      const double distance = std::sqrt(square) / track.height + std::abs(track.log_height - candidate->log_height);
      const auto j = static_cast<std::size_t>(candidate - detections_.begin());
      if (distance < nearest_detection_[i].distance) nearest_detection_[i] = {distance, static_cast<int>(j)};
      if (distance < nearest_track_[j].distance) nearest_track_[j] = {distance, static_cast<int>(i)};
    }
  }
}

Shift BoxMotion::estimate(std::span<const Rectangle> predicted, std::span<const Rectangle> detected) {
  constexpr int rounds = 3;
  if (predicted.size() < fewest_pairs || detected.size() < fewest_pairs) return {};
  place_all(predicted, tracks_);
  place_all(detected, detections_);
  Shift shift;
  for (int round = 0; round < rounds; ++round) {
    find_nearest(shift);
    across_.clear();
    down_.clear();
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      const int j = nearest_detection_[i].number;
      if (j < 0 || nearest_track_[j].number != static_cast<int>(i)) continue;
      across_.push_back(detections_[j].x - tracks_[i].x);
      down_.push_back(detections_[j].y - tracks_[i].y);
    }
    if (across_.size() < fewest_pairs) return {};
    const auto last = std::exchange(shift, {median(across_), median(down_)});
    if (shift.x == last.x && shift.y == last.y) break;  // another round would find the same
  }
  return {supported_part(shift.x, across_), supported_part(shift.y, down_)};
}

}  // namespace onepass::track
