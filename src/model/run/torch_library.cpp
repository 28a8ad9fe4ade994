#include "model/run/torch_library.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace onepass::model {
namespace {

constexpr const char* file_name = "libonepass_torch.so";

const TorchLibrary* load() {
  // The name has no folder: it is found along the run path of the program or module that contains this function.
  void* const file = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (!file)
    throw std::runtime_error(fmt::format(
        "LibTorch cannot be loaded: {}; install libtorch1.13, or use a .pt, .onnx or .xml model", dlerror()));
  using Open = const TorchLibrary* (*)();
  const auto open = reinterpret_cast<Open>(dlsym(file, "onepass_torch_library"));
  const auto* library = open ? open() : nullptr;
  if (!library || std::string_view(library->version) != ONEPASS_VERSION)
    throw std::runtime_error(fmt::format("{} is not that of onepass {}", file_name, ONEPASS_VERSION));
  return library;
}

std::string why_not_in_precision(const EngineOptions& options) {
  switch (options.precision) {
    case Precision::automatic:
    case Precision::f32:
      return "";
    case Precision::f16:
      return options.device.cuda ? "" : "it computes in f16 on CUDA only";
    case Precision::bf16:
    case Precision::int8:
      break;
  }
  return "it computes in f32 and f16 only";
}

}  // namespace

const TorchLibrary& torch_library() {
  static const TorchLibrary* const library = load();
  return *library;
}

std::string why_not_in_libtorch(const EngineOptions& options) {
  auto reason = why_not_in_precision(options);
  if (!reason.empty()) return reason;
  try {
    torch_library();
  } catch (const std::runtime_error& error) {
    reason = error.what();
  }
  return reason;
}

}  // namespace onepass::model
