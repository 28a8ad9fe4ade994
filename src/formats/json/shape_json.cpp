#include "formats/json/shape_json.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "formats/annotations.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::formats {
namespace {

std::vector<std::uint32_t> read_runs(const JsonNode& counts, std::int64_t pixels) {
  std::vector<std::uint32_t> runs;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto run = counts.element(i).small();
    if (run < 0) counts.fail("has a negative run");
    sum += run;
    runs.push_back(static_cast<std::uint32_t>(run));
  }
  if (sum != pixels) counts.fail("does not add up to the size");
  return runs;
}

float read_size(const JsonNode& node) {
  const float result = read_float(node);
  if (result < 0) node.fail("is negative");
  return result;
}

Keypoint read_keypoint(const JsonNode& node) {
  if (node.size() != 3) node.fail("is not [x, y, score]");
  return {read_float(node.element(0)), read_float(node.element(1)),
          std::clamp(read_float(node.element(2)), 0.0F, 1.0F)};
}

RotatedBox read_rotated_box(const JsonNode& node) {
  if (node.size() != 5) node.fail("is not [center x, center y, width, height, angle]");
  return {read_float(node.element(0)), read_float(node.element(1)), read_size(node.element(2)),
          read_size(node.element(3)), read_float(node.element(4))};
}

}  // namespace

Mask read_mask(const JsonNode& node) {
  constexpr int largest_side = 1 << 16;
  const auto size = node.at("size");
  if (size.size() != 2) size.fail("is not [height, width]");
  const int height = size.element(0).small(), width = size.element(1).small();
  if (height < 1 || width < 1 || height > largest_side || width > largest_side) size.fail("is no size of a frame");
  const auto counts = node.at("counts");
  if (counts.is_array()) return {width, height, read_runs(counts, std::int64_t{width} * height)};
  try {
    return from_coco_text(counts.text(), width, height);
  } catch (const std::invalid_argument& error) {
    counts.fail(error.what());
  }
}

nlohmann::ordered_json mask_json(const Mask& mask) {
  return {{"size", {mask.height, mask.width}}, {"counts", to_coco_text(mask)}};
}

float read_float(const JsonNode& node) {
  const double result = node.number();
  if (std::abs(result) > largest_coordinate) node.fail("is beyond 1e9");
  return static_cast<float>(result);
}

Shape read_shape(const JsonNode& track) {
  Shape shape;
  if (const auto mask = track.find("mask")) shape.mask = read_mask(*mask);
  const auto points = track.find("keypoints");
  for (std::size_t i = 0; points && i < points->size(); ++i)
    shape.keypoints.push_back(read_keypoint(points->element(i)));
  if (const auto box = track.find("rotated_box")) shape.rotated = read_rotated_box(*box);
  return shape;
}

void put_shape(nlohmann::ordered_json& track, const Shape& shape) {
  if (!shape.mask.empty()) track["mask"] = mask_json(shape.mask);
  for (const auto& [x, y, score] : shape.keypoints)
    track["keypoints"].push_back({shortest_decimal(x), shortest_decimal(y), shortest_decimal(score)});
  if (const auto& box = shape.rotated)
    track["rotated_box"] = {shortest_decimal(box->center_x), shortest_decimal(box->center_y),
                            shortest_decimal(box->width), shortest_decimal(box->height), shortest_decimal(box->angle)};
}

}  // namespace onepass::formats
