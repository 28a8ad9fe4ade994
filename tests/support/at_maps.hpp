// Networks run on tensors of LibTorch, in which tests make images and compare maps: these are 1×C×H×W there.
#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "model/load_network.hpp"

namespace onepass::test {

/// As model::HeadMaps and model::NetworkOutput.
struct AtMaps {
  at::Tensor boxes;
  at::Tensor classes;
  at::Tensor angles;
  at::Tensor masks;
  at::Tensor keypoints;
};
struct AtOutput {
  std::vector<AtMaps> levels;
  at::Tensor rows;
  at::Tensor prototypes;
  std::vector<at::Tensor> taps;
};

/// The image of a network: 1×3×H×W, 8-bit or float, as 1×H×W×3.
model::Tensor image_of(const at::Tensor& image);

std::vector<model::Tensor> maps_of(const std::vector<at::Tensor>& maps);
std::vector<model::HeadMaps> maps_of(const std::vector<AtMaps>& levels);
model::NetworkOutput output_of(const AtOutput& output);
AtOutput to_at(const model::NetworkOutput& output);

/// Runs a network or an executor.
template <typename Network>
AtOutput run(const Network& network, const at::Tensor& image, model::PassMode mode = model::PassMode::alone) {
  return to_at(network.run(image_of(image), mode));
}

}  // namespace onepass::test
