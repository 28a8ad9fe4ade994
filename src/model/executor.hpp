// Chooses what runs a graph.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/graph.hpp"
#include "onepass/config.hpp"

namespace onepass {

/// Runs a 1×3×H×W float image.
using Executor = std::function<NetworkOutput(const at::Tensor& image)>;

/// @param layers whose outputs the executor returns, besides the head's maps.
/// @param device "cpu", "cuda" or "cuda:N"; oneDNN is for the processor.
/// @throws std::runtime_error where the device cannot be used, or not by the executor asked for.
Executor make_executor(Graph graph, std::vector<int> layers, const std::string& device, ExecutorChoice choice);

}  // namespace onepass
