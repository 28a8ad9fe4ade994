#include "pipeline/recorded_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "io/npz.hpp"

namespace onepass::pipeline {
namespace {

constexpr const char* rotated_array = "rotated";
constexpr const char* keypoints_array = "keypoints";
constexpr const char* sizes_array = "mask_sizes";
constexpr const char* runs_array = "mask_runs";
constexpr std::int64_t rotated_columns = 5, keypoint_columns = 3, size_columns = 3;
constexpr std::uint32_t longest_run = 1 << 24;  // float32 holds all whole numbers up to it
constexpr float no_keypoint = -1;               // as a score
constexpr float largest_side = 1 << 16;

using Arrays = std::map<std::string, io::NpyArray>;

/// The array of this name, or null. @throws std::runtime_error if its shape is not N×…×columns.
const io::NpyArray* find(const Arrays& arrays, const char* name, std::int64_t count, std::size_t dimensions,
                         std::int64_t columns) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) return nullptr;
  const auto& shape = found->second.shape;
  if (shape.size() != dimensions || shape.front() != count || shape.back() != columns)
    throw std::runtime_error(
        fmt::format("'{}' does not have {} values for each of the {} rows of 'detections'", name, columns, count));
  return &found->second;
}

bool is_whole(float value, float least, float most) {
  return value >= least && value <= most && value == std::floor(value);
}

void read_rotated(const io::NpyArray& array, std::vector<Shape>& shapes) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const float* row = array.values.data() + rotated_columns * static_cast<std::int64_t>(i);
    if (std::all_of(row, row + rotated_columns, [](float value) { return value == 0; })) continue;
    if (!std::all_of(row, row + rotated_columns, [](float value) { return std::isfinite(value); }))
      throw std::runtime_error(fmt::format("row {} of '{}' is not finite", i, rotated_array));
    shapes[i].rotated = {row[0], row[1], row[2], row[3], row[4]};
  }
}

void read_keypoints(const io::NpyArray& array, std::vector<Shape>& shapes) {
  const auto points = array.shape[1];
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const float* value = array.values.data() + static_cast<std::int64_t>(i) * points * keypoint_columns;
    for (std::int64_t point = 0; point < points && value[2] >= 0; ++point, value += keypoint_columns) {
      if (!std::isfinite(value[0]) || !std::isfinite(value[1]) || value[2] > 1)
        throw std::runtime_error(
            fmt::format("row {} of '{}' is not finite, or has a score above 1", i, keypoints_array));
      shapes[i].keypoints.push_back({value[0], value[1], value[2]});
    }
  }
}

void read_masks(const io::NpyArray& sizes, const io::NpyArray& runs, std::vector<Shape>& shapes) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const float* row = sizes.values.data() + size_columns * static_cast<std::int64_t>(i);
    const auto left = static_cast<float>(runs.values.size() - at);
    if (!is_whole(row[0], 0, largest_side) || !is_whole(row[1], 0, largest_side) || !is_whole(row[2], 0, left))
      throw std::runtime_error(fmt::format("row {} of '{}' is not a width, a height and a number of runs in '{}'", i,
                                           sizes_array, runs_array));
    auto& mask = shapes[i].mask;
    mask = {static_cast<int>(row[0]), static_cast<int>(row[1]), {}};
    const std::int64_t total = std::int64_t{mask.width} * mask.height;
    std::int64_t sum = 0;
    for (const auto end = at + static_cast<std::size_t>(row[2]); at < end; ++at) {
      const float run = runs.values[at];
      if (!is_whole(run, 0, longest_run) || (sum += static_cast<std::int64_t>(run)) > total) break;
      mask.runs.push_back(static_cast<std::uint32_t>(run));
    }
    if (!mask.runs.empty() || row[2] > 0)
      if (sum != total || mask.runs.size() != static_cast<std::size_t>(row[2]))
        throw std::runtime_error(fmt::format("the runs of row {} in '{}' do not add up to its mask", i, runs_array));
  }
}

}  // namespace

void ShapeRecorder::add(const Shape& shape) {
  const auto box = shape.rotated.value_or(RotatedBox{});
  rotated_.insert(rotated_.end(), {box.center_x, box.center_y, box.width, box.height, box.angle});
  has_rotated_ = has_rotated_ || shape.rotated;
  keypoints_.push_back(shape.keypoints);
  const auto before = runs_.size();
  for (auto run : shape.mask.runs) {
    for (; run > longest_run; run -= longest_run) {  // a run of length 0 between two pieces of a long one
      runs_.push_back(longest_run);
      runs_.push_back(0);
    }
    runs_.push_back(static_cast<float>(run));
  }
  sizes_.insert(sizes_.end(), {static_cast<float>(shape.mask.width), static_cast<float>(shape.mask.height),
                               static_cast<float>(runs_.size() - before)});
}

std::vector<io::NpzEntry> ShapeRecorder::entries() {
  const auto count = static_cast<std::int64_t>(keypoints_.size());
  std::vector<io::NpzEntry> entries;
  if (has_rotated_) entries.push_back({rotated_array, {count, rotated_columns}, rotated_});
  std::size_t most = 0;
  for (const auto& points : keypoints_) most = std::max(most, points.size());
  points_.clear();
  for (const auto& points : keypoints_)
    for (std::size_t i = 0; i < most; ++i) {
      const auto point = i < points.size() ? points[i] : Keypoint{0, 0, no_keypoint};
      points_.insert(points_.end(), {point.x, point.y, point.score});
    }
  if (most > 0)
    entries.push_back({keypoints_array, {count, static_cast<std::int64_t>(most), keypoint_columns}, points_});
  if (!runs_.empty()) {
    entries.push_back({sizes_array, {count, size_columns}, sizes_});
    entries.push_back({runs_array, {static_cast<std::int64_t>(runs_.size())}, runs_});
  }
  return entries;
}

std::vector<Shape> read_shapes(const Arrays& arrays, std::int64_t count) {
  std::vector<Shape> shapes(static_cast<std::size_t>(count));
  if (const auto* array = find(arrays, rotated_array, count, 2, rotated_columns)) read_rotated(*array, shapes);
  if (const auto* array = find(arrays, keypoints_array, count, 3, keypoint_columns)) read_keypoints(*array, shapes);
  if (const auto* sizes = find(arrays, sizes_array, count, 2, size_columns)) {
    const auto runs = arrays.find(runs_array);
    if (runs == arrays.end() || runs->second.shape.size() != 1)
      throw std::runtime_error(fmt::format("has '{}' but no list '{}'", sizes_array, runs_array));
    read_masks(*sizes, runs->second, shapes);
  }
  return shapes;
}

}  // namespace onepass::pipeline
