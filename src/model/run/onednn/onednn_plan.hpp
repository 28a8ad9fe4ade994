// Provides plans: the oneDNN primitives and the memory that run a graph on images of one size.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "model/graph/graph.hpp"
#include "model/run/onednn/packed_weights.hpp"

namespace onepass::model {

/// A oneDNN primitive with its arguments, or a function for operations without a primitive.
struct PlanStep {
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
  std::function<void()> own;
};

struct OnednnPlan {
  dnnl::stream stream;
  std::unique_ptr<float, void (*)(void*)> arena{nullptr, nullptr};  ///< memory of all maps
  std::vector<dnnl::memory> scratchpads;  ///< of the primitives; a run points them all to its scratchpad
  dnnl::memory image;                     ///< a run points it to its image
  std::vector<dnnl::memory> results;      ///< a run points them to the tensors it returns
  std::vector<PlanStep> steps;
};

/// @param results values that a run returns.
/// @throws std::runtime_error if the shapes of maps do not match; dnnl::error or std::bad_alloc if memory runs out.
OnednnPlan make_onednn_plan(const Graph& graph, PackedWeights& weights, const dnnl::engine& engine,
                            const std::vector<int>& results, int height, int width);

/// @param image 1×3×H×W float of the plan's image size, channels-last.
/// @param scratchpad temporary memory that the primitives use one after the other, tens of megabytes. Plans that run in
///        turn can share it; it is enlarged if it is too small for this plan.
/// @return the results, 1×C×H×W float, channels-last.
std::vector<at::Tensor> run(OnednnPlan& plan, const at::Tensor& image, dnnl::memory& scratchpad);

}  // namespace onepass::model
