// Computes the receptive fields of a TorchScript graph's outputs.
#pragma once

#include <vector>

namespace torch::jit {
struct Graph;
struct Module;
}  // namespace torch::jit

namespace onepass::model {

/// Receptive field in pixels of each element of the tuple that the inlined graph returns; 0: the whole image.
/// @param module module that contains the weights of the graph's convolutions.
std::vector<int> script_receptive_fields(torch::jit::Graph& graph, const torch::jit::Module& module);

}  // namespace onepass::model
