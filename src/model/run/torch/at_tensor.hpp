// Converts between this project's tensors and those of LibTorch.
#pragma once

#include <algorithm>

#include <ATen/Functions.h>

#include "model/graph/tensor.hpp"
#include "model/run/device.hpp"

namespace onepass::model {

inline c10::Device at_device(const Device& device) {
  return device.cuda ? c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(device.index)) : c10::Device(c10::kCPU);
}

/// A view that shares the numbers.
inline at::Tensor to_at(const Tensor& tensor) {
  const auto type = tensor.type() == NumberType::u8 ? at::kByte : at::kFloat;
  return at::from_blob(
      tensor.data(), tensor.sizes(), [kept = tensor](void*) {}, at::dtype(type));
}

/// The map 1×H×W×C as LibTorch has it: 1×C×H×W, channels-last.
inline at::Tensor to_at_map(const Tensor& map) { return to_at(map).permute({0, 3, 1, 2}); }

/// A copy on the CPU, in single precision.
inline Tensor from_at(const at::Tensor& tensor) {
  const auto numbers = tensor.to(c10::kCPU, at::kFloat).contiguous();
  Tensor result(numbers.sizes().vec());
  std::copy_n(numbers.data_ptr<float>(), numbers.numel(), result.floats().begin());
  return result;
}

/// The map 1×C×H×W of LibTorch as 1×H×W×C.
inline Tensor from_at_map(const at::Tensor& map) { return from_at(map.permute({0, 2, 3, 1})); }

/// The image on a device as floating-point numbers in [0, 1], 1×3×H×W, channels-last.
inline at::Tensor to_numbers(const Tensor& image, const Device& device, at::ScalarType type) {
  auto numbers = to_at_map(image).to(at_device(device)).to(type, false, false, at::MemoryFormat::ChannelsLast);
  return image.type() == NumberType::u8 ? numbers.div_(255) : numbers;
}

}  // namespace onepass::model
