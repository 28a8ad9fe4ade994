#include "model/run/engines.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "model/run/aten/aten_executor.hpp"
#include "model/run/device.hpp"
#if ONEPASS_WITH_OPENVINO
#include "model/run/openvino/openvino_executor.hpp"
#endif
#include "model/run/torchscript/torchscript_executor.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::model {
namespace {

template <typename Kind>
bool takes(const Program& program) {
  return std::holds_alternative<typename Kind::Input>(program);
}

template <typename Kind>
std::string why_not(const Program& program, const std::vector<int>& taps, const EngineOptions& options) {
  if (const auto* input = std::get_if<typename Kind::Input>(&program)) return Kind::why_not(*input, taps, options);
  constexpr const char* programs[] = {"checkpoints", "TorchScript exports", "ONNX and OpenVINO files"};
  return fmt::format("it does not run {}", programs[program.index()]);
}

template <typename Kind>
std::unique_ptr<const Executor> make(Program program, const std::vector<int>& taps, const EngineOptions& options) {
  return std::make_unique<Kind>(std::get<typename Kind::Input>(std::move(program)), taps, options);
}

template <typename Kind>
constexpr Engine row(const char* name, ExecutorChoice choice) {
  return {name, choice, takes<Kind>, why_not<Kind>, make<Kind>};
}

#if !ONEPASS_WITH_OPENVINO
bool takes_nothing(const Program&) { return false; }

std::string not_in_this_build(const Program&, const std::vector<int>&, const EngineOptions&) {
  return "this build has no OpenVINO";
}
#endif

constexpr Engine table[] = {
#if ONEPASS_WITH_OPENVINO
    row<OpenvinoExecutor>("openvino", ExecutorChoice::openvino),
    row<OpenvinoFileExecutor>("openvino", ExecutorChoice::openvino),
#else
    {"openvino", ExecutorChoice::openvino, takes_nothing, not_in_this_build, nullptr},
#endif
    row<AtenExecutor>("aten", ExecutorChoice::aten),
    row<TorchscriptExecutor>("torchscript", ExecutorChoice::aten),  // LibTorch runs exports too
};

/// Whether another row of the same name takes the program: its reason is the one that matters.
bool is_taken_by_namesake(const Engine& engine, const Program& program) {
  return std::ranges::any_of(table, [&](const Engine& other) {
    return &other != &engine && std::string_view(other.name) == engine.name && other.takes(program);
  });
}

}  // namespace

std::span<const Engine> engines() { return table; }

std::unique_ptr<const Executor> make_executor(Program program, const std::vector<int>& taps,
                                              const ComputeOptions& options, ValueRanges ranges) {
  const EngineOptions engine_options{find_device(options.device), options.precision, options.threads,
                                     options.cache, options.waiting, std::move(ranges)};
  std::string reasons;
  for (const auto& engine : engines()) {
    if (options.executor != ExecutorChoice::automatic && options.executor != engine.choice) continue;
    const auto reason = engine.why_not(program, taps, engine_options);
    if (reason.empty()) return engine.make(std::move(program), taps, engine_options);
    if (!engine.takes(program) && is_taken_by_namesake(engine, program)) continue;
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", engine.name, reason);
  }
  const bool any_precision = options.precision == Precision::automatic;
  throw SettingError(
      any_precision ? "detector.executor" : "detector.precision",
      fmt::format("no executor can run this model{} ({})", any_precision ? "" : " in this precision", reasons));
}

}  // namespace onepass::model
