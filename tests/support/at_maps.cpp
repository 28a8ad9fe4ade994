#include "support/at_maps.hpp"

#include <algorithm>

#include <ATen/ATen.h>

#include "model/run/torch/at_tensor.hpp"

namespace onepass::test {
namespace {

model::Tensor map_of(const at::Tensor& map) { return map.defined() ? model::from_at_map(map) : model::Tensor(); }

at::Tensor at_map(const model::Tensor& map) { return map.defined() ? model::to_at_map(map) : at::Tensor(); }

}  // namespace

model::Tensor image_of(const at::Tensor& image) {
  if (image.scalar_type() != at::kByte) return model::from_at_map(image);
  const auto pixels = image.permute({0, 2, 3, 1}).contiguous();
  model::Tensor result(pixels.sizes().vec(), model::NumberType::u8);
  std::copy_n(pixels.data_ptr<std::uint8_t>(), pixels.numel(), result.bytes().begin());
  return result;
}

std::vector<model::Tensor> maps_of(const std::vector<at::Tensor>& maps) {
  std::vector<model::Tensor> result;
  for (const auto& map : maps) result.push_back(map_of(map));
  return result;
}

std::vector<model::HeadMaps> maps_of(const std::vector<AtMaps>& levels) {
  std::vector<model::HeadMaps> result;
  for (const auto& level : levels)
    result.push_back({map_of(level.boxes), map_of(level.classes), map_of(level.angles), map_of(level.masks),
                      map_of(level.keypoints)});
  return result;
}

model::NetworkOutput output_of(const AtOutput& output) {
  return {maps_of(output.levels), output.rows.defined() ? model::from_at(output.rows) : model::Tensor(),
          map_of(output.prototypes), maps_of(output.taps)};
}

AtOutput to_at(const model::NetworkOutput& output) {
  AtOutput result;
  for (const auto& level : output.levels)
    result.levels.push_back({at_map(level.boxes), at_map(level.classes), at_map(level.angles), at_map(level.masks),
                             at_map(level.keypoints)});
  if (output.rows.defined()) result.rows = model::to_at(output.rows);
  result.prototypes = at_map(output.prototypes);
  for (const auto& tap : output.taps) result.taps.push_back(at_map(tap));
  return result;
}

}  // namespace onepass::test
