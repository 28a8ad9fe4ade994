// Loads a stock YOLO network from a file.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "model/graph/network_info.hpp"
#include "model/run/compute.hpp"
#include "model/run/engines.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

struct Network {
  NetworkInfo info;
  std::unique_ptr<const Executor> executor;

  /// @param image 1×H×W×3 RGB, 8-bit or float in [0, 1]; H and W multiples of info.stride, or info.only_size.
  /// @throws std::runtime_error naming the file, if the image has another shape or the network cannot run on it.
  NetworkOutput run(const Tensor& image, PassMode mode = PassMode::alone) const;
};

/// What a model file holds.
struct ModelFile {
  NetworkInfo info;
  Program program;
  ValueRanges ranges;  ///< of a quantized model
};

/// Reads a stock checkpoint (.pt), a TorchScript export (.torchscript), an ONNX model (.onnx), a model of OpenVINO
/// (.xml, or the folder that holds it) or a quantized model (of onepass quantize), distinguished by content, not by
/// name.
/// @throws std::runtime_error with one line: the file, the layer's index and class, and what to do.
ModelFile read_model(const std::filesystem::path& path);

/// Chooses the layers whose outputs a network returns in addition to the maps of its head.
using ChooseTaps = std::function<std::vector<int>(const NetworkInfo&)>;

inline std::vector<int> no_taps(const NetworkInfo&) { return {}; }

/// Reads a model file and prepares it to run.
/// @throws std::runtime_error like read_model(); the existing layers if `taps` chooses others; the reason why the
/// device
///         cannot be used.
/// @throws SettingError for detector.executor if the chosen executor cannot run this file on this device.
Network load_network(const std::filesystem::path& path, const ChooseTaps& taps = no_taps,
                     const ComputeOptions& options = {});

}  // namespace onepass::model
