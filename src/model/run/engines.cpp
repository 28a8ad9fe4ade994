#include "model/run/engines.hpp"

#include <fmt/format.h>

#include "model/run/aten/aten_executor.hpp"
#include "model/run/device.hpp"
#if ONEPASS_WITH_ONEDNN
#include "model/run/onednn/onednn_executor.hpp"
#endif
#include "model/run/torchscript/torchscript_executor.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::model {
namespace {

template <typename Kind>
std::string why_not(const Program& program, const std::vector<int>& taps, c10::Device device) {
  if (const auto* input = std::get_if<typename Kind::Input>(&program)) return Kind::why_not(*input, taps, device);
  return std::holds_alternative<Graph>(program) ? "it does not run checkpoints" : "it does not run TorchScript exports";
}

template <typename Kind>
std::unique_ptr<const Executor> make(Program program, const std::vector<int>& taps, c10::Device device) {
  return std::make_unique<Kind>(std::get<typename Kind::Input>(std::move(program)), taps, device);
}

template <typename Kind>
constexpr Engine row(const char* name, ExecutorChoice choice) {
  return {name, choice, why_not<Kind>, make<Kind>};
}

#if !ONEPASS_WITH_ONEDNN
std::string not_in_this_build(const Program&, const std::vector<int>&, c10::Device) {
  return "this build has no oneDNN";
}
#endif

constexpr Engine table[] = {
#if ONEPASS_WITH_ONEDNN
    row<OnednnExecutor>("onednn", ExecutorChoice::onednn),
#else
    {"onednn", ExecutorChoice::onednn, not_in_this_build, nullptr},
#endif
    row<AtenExecutor>("aten", ExecutorChoice::aten),
    row<TorchscriptExecutor>("torchscript", ExecutorChoice::aten),  // LibTorch runs exports too
};

}  // namespace

std::span<const Engine> engines() { return table; }

std::unique_ptr<const Executor> make_executor(Program program, const std::vector<int>& taps,
                                              const ComputeOptions& options) {
  const auto device = find_device(options.device);
  std::string reasons;
  for (const auto& engine : engines()) {
    if (options.executor != ExecutorChoice::automatic && options.executor != engine.choice) continue;
    const auto reason = engine.why_not(program, taps, device);
    if (reason.empty()) return engine.make(std::move(program), taps, device);
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", engine.name, reason);
  }
  throw SettingError("detector.executor", "no executor can run this model (" + reasons + ")");
}

}  // namespace onepass::model
