#include "model/graph/graph.hpp"

#include <algorithm>

namespace onepass::model {
namespace {

std::vector<int> count_uses(const Graph& graph) {
  std::vector<int> uses(static_cast<std::size_t>(graph.value_count), 0);
  for (const auto& step : graph.steps)
    for (const int value : step.inputs) ++uses[value];
  for (const int value : graph.layers) ++uses[value];
  for (const int value : graph.head_values()) ++uses[value];
  return uses;
}

}  // namespace

std::vector<int> Level::values() const {
  std::vector<int> present;
  for (const int value : {boxes, classes, angles, masks, keypoints})
    if (value >= 0) present.push_back(value);
  return present;
}

LevelMaps Graph::level_maps() const {
  const auto has = [&](int Level::*map) { return !levels.empty() && levels.front().*map >= 0; };
  return {.classes = has(&Level::classes),
          .angles = has(&Level::angles),
          .masks = has(&Level::masks),
          .keypoints = has(&Level::keypoints),
          .prototypes = prototypes >= 0};
}

std::vector<int> Graph::head_values() const {
  std::vector<int> values;
  for (const auto& level : levels)
    for (const int value : level.values()) values.push_back(value);
  if (prototypes >= 0) values.push_back(prototypes);
  return values;
}

std::vector<int> values_read(const Step& step) {
  auto values = step.inputs;
  if (const auto* convolution = std::get_if<Convolution>(&step.operation))
    if (convolution->residual >= 0) values.push_back(convolution->residual);
  return values;
}

void fuse_residuals(Graph& graph) {
  const auto uses = count_uses(graph);
  std::vector<int> writer(static_cast<std::size_t>(graph.value_count), -1);
  for (std::size_t i = 0; i < graph.steps.size(); ++i) writer[graph.steps[i].output] = static_cast<int>(i);

  std::vector<Step> fused;
  std::vector<bool> dropped(graph.steps.size(), false);
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    const auto& sum = graph.steps[i];
    if (!std::holds_alternative<Add>(sum.operation)) continue;
    for (const auto& [term, other] : {std::pair{sum.inputs[1], sum.inputs[0]}, {sum.inputs[0], sum.inputs[1]}}) {
      const int at = writer[term];
      if (at < 0 || uses[term] != 1 || writer[other] >= at) continue;
      auto* convolution = std::get_if<Convolution>(&graph.steps[at].operation);
      if (!convolution || convolution->residual >= 0) continue;
      convolution->residual = other;
      graph.steps[at].output = sum.output;
      writer[sum.output] = at;
      dropped[i] = true;
      break;
    }
  }
  for (std::size_t i = 0; i < graph.steps.size(); ++i)
    if (!dropped[i]) fused.push_back(std::move(graph.steps[i]));
  graph.steps = std::move(fused);
}

}  // namespace onepass::model
