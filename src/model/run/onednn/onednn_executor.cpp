#include "model/run/onednn/onednn_executor.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <stdexcept>
#include <tuple>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include "model/run/onednn/map_layout.hpp"
#include "model/run/onednn/onednn_plan.hpp"

namespace onepass::model {
namespace {

/// Identifies a plan. oneDNN's primitives depend on the number of threads as well as the image size.
struct PlanKey {
  std::int64_t height = 0;
  std::int64_t width = 0;
  int threads = 0;

  friend bool operator==(const PlanKey&, const PlanKey&) = default;
};

/// The reason why oneDNN cannot be loaded, in builds that load it at run time; empty if it is available.
std::string why_missing() {
  try {
    dnnl::version();
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// The values that a run returns: the maps of the head, level by level, then the outputs of the layers.
std::vector<int> result_values(const Graph& graph, const std::vector<int>& layers) {
  std::vector<int> values;
  for (const auto& level : graph.levels)
    for (const int value : level.values()) values.push_back(value);
  for (const int layer : layers) values.push_back(graph.layers.at(static_cast<std::size_t>(layer)));
  return values;
}

}  // namespace

struct OnednnExecutor::State {
  State(Graph given, const std::vector<int>& layers)
      : graph(std::move(given)), results(result_values(graph, layers)), weights(graph, engine) {}

  /// The plan for a key, created if necessary and moved to the front of `plans`, which is sorted by last use.
  OnednnPlan& plan_for(const PlanKey& key) {
    constexpr std::size_t most_plans = 8;  // each has its own maps, tens of megabytes
    const auto found = std::ranges::find(plans, key, &std::pair<PlanKey, OnednnPlan>::first);
    if (found != plans.end()) {
      plans.splice(plans.begin(), plans, found);
    } else {
      if (plans.size() == most_plans) plans.pop_back();
      plans.emplace_front(key, make_onednn_plan(graph, weights, engine, results, static_cast<int>(key.height),
                                                static_cast<int>(key.width)));
    }
    return plans.front().second;
  }

  Graph graph;
  std::vector<int> results;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  PackedWeights weights;
  std::list<std::pair<PlanKey, OnednnPlan>> plans;
  dnnl::memory scratchpad;
  std::mutex mutex;
};

std::string OnednnExecutor::why_not(const Graph& graph, const std::vector<int>& taps, c10::Device device) {
  if (!device.is_cpu()) return "it runs on the CPU only, not on " + device.str();
  const auto reads_image = [](const Step& step) { return std::ranges::count(values_read(step), 0) > 0; };
  for (const auto& step : graph.steps) {
    const auto* convolution = std::get_if<Convolution>(&step.operation);
    if (reads_image(step) && (!convolution || convolution->residual == 0))
      return "something other than a convolution reads the image";
  }
  const auto is_image = [](const Level& level) { return std::ranges::count(level.values(), 0) > 0; };
  const auto passes_image = [&](int layer) { return graph.layers.at(static_cast<std::size_t>(layer)) == 0; };
  if (std::ranges::any_of(taps, passes_image) || std::ranges::any_of(graph.levels, is_image))
    return "the output of a requested layer is the image itself";
  return why_missing();
}

OnednnExecutor::OnednnExecutor(Graph graph, const std::vector<int>& taps, c10::Device)
    : state_(std::make_unique<State>(std::move(graph), taps)) {}
OnednnExecutor::~OnednnExecutor() = default;

NetworkOutput OnednnExecutor::run(const at::Tensor& image) const {
  const c10::InferenceMode guard;
  const std::lock_guard lock(state_->mutex);
  std::vector<at::Tensor> tensors;
  try {
    auto& plan = state_->plan_for({image.size(2), image.size(3), at::get_num_threads()});
    tensors = model::run(plan, image.contiguous(at::MemoryFormat::ChannelsLast), state_->scratchpad);
  } catch (const dnnl::error& error) {
    throw std::runtime_error(fmt::format("oneDNN: {}", error.message));
  }
  NetworkOutput output;
  auto next = tensors.begin();
  for (const auto& level : state_->graph.levels) {
    auto& maps = output.levels.emplace_back();
    maps.boxes = *next++;
    if (level.classes >= 0) maps.classes = *next++;
    if (level.angles >= 0) maps.angles = *next++;
  }
  output.taps.assign(next, tensors.end());
  return output;
}

}  // namespace onepass::model
