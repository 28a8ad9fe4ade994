#include "model/run/engines.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "model/run/device.hpp"
#if ONEPASS_WITH_OPENVINO
#include "model/run/openvino/openvino_executor.hpp"
#endif
#include "model/run/torch_library.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::model {
namespace {

template <typename Input>
bool takes(const Program& program) {
  return std::holds_alternative<Input>(program);
}

std::string wrong_program(const Program& program) {
  constexpr const char* programs[] = {"checkpoints", "TorchScript exports", "ONNX and OpenVINO files"};
  return fmt::format("it does not run {}", programs[program.index()]);
}

#if ONEPASS_WITH_OPENVINO
template <typename Kind>
std::string why_not(const Program& program, const std::vector<int>& taps, const EngineOptions& options) {
  const auto* input = std::get_if<typename Kind::Input>(&program);
  return input ? Kind::why_not(*input, taps, options) : wrong_program(program);
}

template <typename Kind>
std::unique_ptr<const Executor> make(Program program, const std::vector<int>& taps, const EngineOptions& options) {
  return std::make_unique<Kind>(std::get<typename Kind::Input>(std::move(program)), taps, options);
}

template <typename Kind>
constexpr Engine row(const char* name, ExecutorChoice choice) {
  return {name, choice, takes<typename Kind::Input>, why_not<Kind>, make<Kind>};
}
#endif

template <typename Input>
std::string why_not_on_torch(const Program& program, const std::vector<int>&, const EngineOptions& options) {
  return takes<Input>(program) ? why_not_in_libtorch(options) : wrong_program(program);
}

template <typename Input, auto TorchLibrary::*run>
std::unique_ptr<const Executor> make_on_torch(Program program, const std::vector<int>& taps,
                                              const EngineOptions& options) {
  return (torch_library().*run)(std::get<Input>(std::move(program)), taps, options);
}

template <typename Input, auto TorchLibrary::*run>
constexpr Engine row_on_torch(const char* name) {
  return {name, ExecutorChoice::aten, takes<Input>, why_not_on_torch<Input>, make_on_torch<Input, run>};
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
    row_on_torch<Graph, &TorchLibrary::run_graph>("aten"),
    row_on_torch<std::shared_ptr<Script>, &TorchLibrary::run_script>("torchscript"),
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
  const EngineOptions engine_options{parse_device(options.device),
                                     options.precision,
                                     options.threads,
                                     options.cache,
                                     options.waiting,
                                     std::move(ranges)};
  std::vector<std::pair<std::string, std::string>> reasons;  // names of engines, and why they cannot
  for (const auto& engine : engines()) {
    if (options.executor != ExecutorChoice::automatic && options.executor != engine.choice) continue;
    const auto reason = engine.why_not(program, taps, engine_options);
    if (reason.empty()) return engine.make(std::move(program), taps, engine_options);
    if (!engine.takes(program) && is_taken_by_namesake(engine, program)) continue;
    const auto same = std::ranges::find(reasons, reason, &std::pair<std::string, std::string>::second);
    if (same == reasons.end())
      reasons.emplace_back(engine.name, reason);
    else if (!same->first.ends_with(engine.name))  // it may have several rows
      same->first += std::string(", ") + engine.name;
  }
  std::string text;
  for (const auto& [names, reason] : reasons) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", names, reason);
  const bool any_precision = options.precision == Precision::automatic;
  throw SettingError(
      any_precision ? "detector.executor" : "detector.precision",
      fmt::format("no executor can run this model{} ({})", any_precision ? "" : " in this precision", text));
}

}  // namespace onepass::model
