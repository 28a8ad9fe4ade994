// The primitives of oneDNN that run a graph on images of one size, with the memory they work in.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "model/graph.hpp"
#include "model/packed_weights.hpp"

namespace onepass {

/// A primitive, or our own code where there is none.
struct PlanStep {
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
  std::function<void()> own;
};

struct OnednnPlan {
  dnnl::stream stream;
  std::unique_ptr<float, void (*)(void*)> arena{nullptr, nullptr};  ///< all maps
  std::vector<dnnl::memory> scratchpads;                            ///< of the primitives; point to one of a run
  dnnl::memory image;                                               ///< points to the image of a run
  std::vector<dnnl::memory> results;                                ///< point to the tensors that a run returns
  std::vector<PlanStep> steps;
};

/// @param results values that a run copies out.
/// @throws std::runtime_error where maps do not fit each other; dnnl::error, std::bad_alloc where memory is short.
OnednnPlan make_onednn_plan(const Graph& graph, PackedWeights& weights, const dnnl::engine& engine,
                            const std::vector<int>& results, int height, int width);

/// @param image 1×3×H×W float of the plan's size, channels-last.
/// @param scratchpad what one primitive after the other works in, tens of megabytes; of plans that run in turn, grown
///        where it is too small for this one.
/// @return the results, 1×C×H×W float, channels-last.
std::vector<at::Tensor> run(OnednnPlan& plan, const at::Tensor& image, dnnl::memory& scratchpad);

}  // namespace onepass
