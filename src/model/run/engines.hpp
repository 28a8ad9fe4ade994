// Engines: the ways to run a network, and the choice among them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/run/compute.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

struct Script;
struct OpenvinoFile;

/// What a model file holds: the graph of a checkpoint, a TorchScript export, or a model that OpenVINO has read.
using Program = std::variant<Graph, std::shared_ptr<Script>, std::shared_ptr<const OpenvinoFile>>;

/// One row of the table of engines.
struct Engine {
  const char* name;
  ExecutorChoice choice;  ///< choice of this engine alone; ExecutorChoice::automatic allows it too

  bool (*takes)(const Program& program);  ///< whether it runs programs of this kind at all

  /// The reason why the engine cannot run the program in this way; empty if it can.
  std::string (*why_not)(const Program& program, const std::vector<int>& taps, const EngineOptions& options);

  std::unique_ptr<const Executor> (*make)(Program program, const std::vector<int>& taps, const EngineOptions& options);
};

/// All engines of this build, the preferred ones first.
std::span<const Engine> engines();

/// Makes an executor of the first engine that the options allow and that can run the program.
/// @param taps layers whose outputs the executor returns in addition to the head's maps.
/// @param ranges of a quantized model, otherwise empty.
/// @throws SettingError for detector.executor if there is no such engine; std::runtime_error if the device cannot be
///         used.
std::unique_ptr<const Executor> make_executor(Program program, const std::vector<int>& taps,
                                              const ComputeOptions& options, ValueRanges ranges = {});

}  // namespace onepass::model
