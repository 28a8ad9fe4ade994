#include "model/run/torchscript/torchscript_executor.hpp"

#include <stdexcept>

#include <torch/csrc/jit/api/function_impl.h>

#include "model/run/torch/at_tensor.hpp"
#include "model/run/torchscript/script_graph.hpp"

namespace onepass::model {

at::ScalarType TorchscriptExecutor::type() const {
  return options_.precision == Precision::f16 ? at::kHalf : at::kFloat;
}

TorchscriptExecutor::TorchscriptExecutor(std::shared_ptr<Script> script, const std::vector<int>& taps,
                                         const EngineOptions& options)
    : script_(std::move(script)), options_(options), team_(make_team(options.waiting)) {
  const c10::InferenceMode guard;
  auto& module = script_->module;
  module.to(at_device(options_.device), type());
  for (auto parameter : module.parameters())
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
  auto& function = jit::toGraphFunction(module.get_method("forward").function());
  const auto graph = function.graph();
  rewrite(*graph, taps);
  function.setSchema(function.getSchema().cloneWithReturns({c10::Argument("", graph->outputs()[0]->type())}));
  module = jit::freeze(module);
}

NetworkOutput TorchscriptExecutor::run(const Tensor& image, PassMode) const {
  const ComputeScope scope(options_.threads);
  const c10::InferenceMode guard;
  std::vector<at::Tensor> tensors;
  try {
    tensors = call_method(script_->module, "forward", to_numbers(image, options_.device, type()));
  } catch (const std::exception& error) {  // the interpreter's messages start with its call stack
    const std::string message = error.what();
    const auto cause = message.rfind("RuntimeError: ");
    throw std::runtime_error(cause == std::string::npos ? message : message.substr(cause));
  }
  std::vector<Tensor> maps;
  for (const auto& tensor : tensors) maps.push_back(from_at_map(tensor));
  return divided(maps, script_->levels, script_->kinds.maps());
}

}  // namespace onepass::model
