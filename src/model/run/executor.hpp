// Chooses the executor that runs a graph: oneDNN or ATen.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/graph/graph.hpp"
#include "onepass/config.hpp"

namespace onepass::model {

/// Runs a 1×3×H×W float image.
using Executor = std::function<NetworkOutput(const at::Tensor& image)>;

/// @param layers layers whose outputs the executor returns in addition to the head's maps.
/// @param device "cpu", "cuda" or "cuda:N"; oneDNN runs on the CPU only.
/// @throws std::runtime_error if the device, or the requested executor on this device, cannot be used.
Executor make_executor(Graph graph, std::vector<int> layers, const std::string& device, ExecutorChoice choice);

}  // namespace onepass::model
