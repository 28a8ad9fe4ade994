#include "formats/json/shape_json.hpp"

#include <algorithm>
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

float read_float(const JsonNode& list, std::size_t index) { return static_cast<float>(list.element(index).number()); }

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

Shape read_shape(const JsonNode& track) {
  Shape shape;
  if (const auto mask = track.find("mask")) shape.mask = read_mask(*mask);
  const auto points = track.find("keypoints");
  for (std::size_t i = 0; points && i < points->size(); ++i) {
    const auto point = points->element(i);
    if (point.size() != 3) point.fail("is not [x, y, score]");
    shape.keypoints.push_back(
        {read_float(point, 0), read_float(point, 1), std::clamp(read_float(point, 2), 0.0F, 1.0F)});
  }
  if (const auto box = track.find("rotated_box")) {
    if (box->size() != 5) box->fail("is not [center x, center y, width, height, angle]");
    shape.rotated = RotatedBox{read_float(*box, 0), read_float(*box, 1), read_float(*box, 2), read_float(*box, 3),
                               read_float(*box, 4)};
  }
  return shape;
}

void put_shape(nlohmann::ordered_json& track, const Shape& shape) {
  if (const auto& mask = shape.mask; !mask.empty())
    track["mask"] = {{"size", {mask.height, mask.width}}, {"counts", to_coco_text(mask)}};
  for (const auto& [x, y, score] : shape.keypoints) track["keypoints"].push_back({tidy(x), tidy(y), tidy(score)});
  if (const auto& box = shape.rotated)
    track["rotated_box"] = {tidy(box->center_x), tidy(box->center_y), tidy(box->width), tidy(box->height),
                            tidy(box->angle)};
}

}  // namespace onepass::formats
