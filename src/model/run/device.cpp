#include "model/run/device.hpp"

#include <optional>
#include <stdexcept>

#include <ATen/Context.h>
#include <fmt/format.h>

namespace onepass::model {
namespace {

std::optional<c10::Device> parse(const std::string& name) {
  try {
    return c10::Device(name);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

c10::Device find_device(const std::string& name) {
  const auto device = parse(name);
  if (!device || (!device->is_cpu() && !device->is_cuda()))
    throw std::runtime_error(fmt::format("device '{}' is not one of cpu, cuda, cuda:N", name));
  if (device->is_cpu()) return c10::Device(c10::kCPU);
  if (!at::hasCUDA())
    throw std::runtime_error(fmt::format("device '{}': this LibTorch cannot use CUDA; use device cpu", name));
  const int count = at::detail::getCUDAHooks().getNumGPUs();
  const int index = device->has_index() ? device->index() : 0;
  if (index >= count)
    throw std::runtime_error(fmt::format("device '{}': there are {} CUDA devices, numbered from 0", name, count));
  return {c10::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

}  // namespace onepass::model
