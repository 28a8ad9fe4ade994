#include "model/run/executor.hpp"

namespace onepass::model {

NetworkOutput divided(const std::vector<Tensor>& tensors, std::size_t levels, LevelMaps maps) {
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

}  // namespace onepass::model
