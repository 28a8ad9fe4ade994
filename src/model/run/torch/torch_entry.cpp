// The entry of the library that needs LibTorch.
#include <stdexcept>

#include <ATen/Context.h>
#include <fmt/format.h>

#include "model/run/aten/aten_executor.hpp"
#include "model/run/torch_library.hpp"
#include "model/run/torchscript/script_file.hpp"
#include "model/run/torchscript/torchscript_executor.hpp"

namespace onepass::model {
namespace {

/// @throws std::runtime_error if the device does not exist or this LibTorch cannot use it.
void require_device(const Device& device) {
  if (!device.cuda) return;
  const auto name = device.name();
  if (!at::hasCUDA())
    throw std::runtime_error(fmt::format("device '{}': this LibTorch cannot use CUDA; use device cpu", name));
  const int count = at::detail::getCUDAHooks().getNumGPUs();
  if (device.index >= count)
    throw std::runtime_error(fmt::format("device '{}': there are {} CUDA devices, numbered from 0", name, count));
}

std::unique_ptr<const Executor> run_graph(Graph graph, const std::vector<int>& taps, const EngineOptions& options) {
  require_device(options.device);
  return std::make_unique<AtenExecutor>(std::move(graph), taps, options);
}

std::unique_ptr<const Executor> run_script(std::shared_ptr<Script> script, const std::vector<int>& taps,
                                           const EngineOptions& options) {
  require_device(options.device);
  return std::make_unique<TorchscriptExecutor>(std::move(script), taps, options);
}

constexpr TorchLibrary library{ONEPASS_VERSION, read_script, run_graph, run_script};

}  // namespace
}  // namespace onepass::model

extern "C" const onepass::model::TorchLibrary* onepass_torch_library() { return &onepass::model::library; }
