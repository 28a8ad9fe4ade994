// The part of onepass that needs LibTorch: a library of its own, which is loaded when a network runs on LibTorch.
// Loading LibTorch takes longer than loading a network, and more memory than running it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/run/compute.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

struct Script;

/// A TorchScript export.
struct ScriptFile {
  NetworkInfo info;  ///< `path` is left empty
  std::shared_ptr<Script> script;
};

/// What the library does.
struct TorchLibrary {
  const char* version;  ///< of onepass

  /// @throws std::runtime_error; the message does not contain the path, which the caller adds.
  ScriptFile (*read_script)(const std::filesystem::path& path);

  /// Both return the head's maps and the outputs of the layers `taps`.
  /// @throws std::runtime_error if the device cannot be used.
  std::unique_ptr<const Executor> (*run_graph)(Graph graph, const std::vector<int>& taps, const EngineOptions& options);
  std::unique_ptr<const Executor> (*run_script)(std::shared_ptr<Script> script, const std::vector<int>& taps,
                                                const EngineOptions& options);
};

/// Loads the library at the first call.
/// @throws std::runtime_error with the reason, if it or LibTorch cannot be loaded.
const TorchLibrary& torch_library();

/// The reason why networks cannot run on LibTorch with these options; empty if they can.
std::string why_not_in_libtorch(const EngineOptions& options);

}  // namespace onepass::model
