#include "model/run/executor.hpp"

#include <ATen/ATen.h>

namespace onepass::model {

NetworkOutput divided(const std::vector<at::Tensor>& tensors, std::size_t levels, LevelMaps maps) {
  NetworkOutput output;
  auto next = tensors.begin();
  for (std::size_t level = 0; level < levels; ++level) {
    auto& head = output.levels.emplace_back();
    head.boxes = *next++;
    if (maps.classes) head.classes = *next++;
    if (maps.angles) head.angles = *next++;
    if (maps.masks) head.masks = *next++;
    if (maps.keypoints) head.keypoints = *next++;
  }
  if (maps.prototypes) output.prototypes = *next++;
  output.taps.assign(next, tensors.end());
  return output;
}

at::Tensor to_numbers(const at::Tensor& image, c10::Device device, at::ScalarType type) {
  auto numbers = image.to(device).to(type, false, false, at::MemoryFormat::ChannelsLast);
  return image.scalar_type() == at::kByte ? numbers.div_(255) : numbers;
}

}  // namespace onepass::model
