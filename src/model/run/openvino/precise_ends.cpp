#include "model/run/openvino/precise_ends.hpp"

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <vector>

#include <openvino/core/model.hpp>
#include <openvino/core/type/element_type.hpp>

#include "model/run/openvino/openvino_modules.hpp"

namespace ov {

/// OpenVINO exports this function (transformations/rt_info), but its package has no header for it. The reference is
/// weak, so that a version without the function still links. For the CPU plugin, a node that may not be converted to
/// f16 may not be converted to bf16 either.
[[gnu::weak]] void disable_conversion(const std::shared_ptr<Node>& node, const element::Type& to);

}  // namespace ov

namespace onepass::model {
namespace {

using NodePointer = std::shared_ptr<ov::Node>;

/// Whether the operator multiplies maps with weights: the unit in which a network computes.
bool has_products(const ov::Node& node) {
  if (is_one_of(node, {"Convolution", "GroupConvolution"})) return true;
  const auto inputs = node.input_values();
  return is_one_of(node, {"MatMul"}) &&
         std::ranges::any_of(inputs, [](const auto& input) { return is_constant(*input.get_node()); });
}

std::vector<NodePointer> readers_of(const NodePointer& node) {
  std::vector<NodePointer> readers;
  for (const auto& output : node->outputs())
    for (const auto& input : output.get_target_inputs()) readers.push_back(input.get_node()->shared_from_this());
  return readers;
}

std::vector<NodePointer> sources_of(const NodePointer& node) {
  std::vector<NodePointer> sources;
  for (const auto& input : node->input_values()) sources.push_back(input.get_node_shared_ptr());
  return sources;
}

/// Marks the operators from `start` on, in one direction, to the first ones that have products.
template <typename Next>
void mark_from(const NodePointer& start, Next next) {
  std::vector<NodePointer> open{start};
  std::unordered_set<const ov::Node*> seen;
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    if (!seen.insert(node.get()).second || is_constant(*node)) continue;
    if (!is_one_of(*node, {"Parameter", "Result"})) ov::disable_conversion(node, ov::element::f16);
    if (has_products(*node)) continue;
    for (const auto& other : next(node)) open.push_back(other);
  }
}

}  // namespace

bool can_keep_in_f32() { return ov::disable_conversion != nullptr; }

void keep_ends_in_f32(ov::Model& model, std::size_t head_results) {
  if (!can_keep_in_f32()) return;
  for (const auto& image : model.get_parameters()) mark_from(image, readers_of);
  const auto& results = model.get_results();
  for (std::size_t i = 0; i < std::min(head_results, results.size()); ++i) mark_from(results[i], sources_of);
}

}  // namespace onepass::model
