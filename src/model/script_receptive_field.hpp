// The receptive fields of a TorchScript graph's outputs.
#pragma once

#include <vector>

namespace torch::jit {
struct Graph;
struct Module;
}  // namespace torch::jit

namespace onepass {

/// One per element of the tuple that the inlined graph returns, in pixels; 0 for all of the image.
/// @param module whose weights the graph's convolutions name.
std::vector<int> script_receptive_fields(torch::jit::Graph& graph, const torch::jit::Module& module);

}  // namespace onepass
