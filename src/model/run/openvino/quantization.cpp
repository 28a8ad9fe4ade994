#include "model/run/openvino/quantization.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <openvino/core/model.hpp>
#include <openvino/core/type.hpp>
#include <openvino/op/ops.hpp>

#include "core/processor.hpp"

namespace onepass::model {
namespace {

namespace op = ov::op;
using Value = ov::Output<ov::Node>;
using Group = std::vector<Value>;  ///< values with one range

/// Without VNNI, two products of 8-bit integers are added in 16 bits, which overflow unless the weights have one bit
/// less (Intel's documentation of VPMADDUBSW).
int weight_levels() { return has_vnni() ? 255 : 127; }

bool is_convolution(const ov::Node& node) {
  return ov::is_type<op::v1::Convolution>(&node) || ov::is_type<op::v1::GroupConvolution>(&node);
}

/// Whether the elements of the output are elements of the inputs that have maps: such operators work on any numbers.
bool passes_elements(const ov::Node& node) {
  return ov::is_type<op::v0::Concat>(&node) || ov::is_type<op::v8::Slice>(&node) ||
         ov::is_type<op::v1::StridedSlice>(&node) || ov::is_type<op::v1::Split>(&node) ||
         ov::is_type<op::v1::VariadicSplit>(&node) || ov::is_type<op::v1::MaxPool>(&node) ||
         ov::is_type<op::v8::MaxPool>(&node) || ov::is_type<op::v14::MaxPool>(&node) ||
         ov::is_type<op::v0::Interpolate>(&node) || ov::is_type<op::v4::Interpolate>(&node) ||
         ov::is_type<op::v11::Interpolate>(&node);
}

/// The number of first inputs of such an operator that are maps; the others are sizes.
std::size_t map_inputs(const ov::Node& node) { return ov::is_type<op::v0::Concat>(&node) ? node.get_input_size() : 1; }

/// Finds the values to round and joins those that must share a range (union-find).
class Grouping {
 public:
  explicit Grouping(const ov::Model& model) {
    for (const auto& node : model.get_ordered_ops())
      if (is_convolution(*node)) computed_behind(node->input_value(0));
  }

  std::vector<Group> groups() {
    std::vector<Group> result;
    std::unordered_map<int, std::size_t> index_of_root;
    for (int i = 0; i < static_cast<int>(values_.size()); ++i) {
      const auto [entry, is_new] = index_of_root.emplace(root_of(i), result.size());
      if (is_new) result.emplace_back();
      result[entry->second].push_back(values_[static_cast<std::size_t>(i)]);
    }
    return result;
  }

 private:
  /// The number of a computed value whose elements `value` consists of.
  int computed_behind(const Value& value) {
    auto* node = value.get_node();
    const auto known = numbers_.find(node);
    if (known != numbers_.end()) return known->second;
    if (!passes_elements(*node)) {
      values_.push_back(value);
      parents_.push_back(static_cast<int>(parents_.size()));
      return numbers_[node] = parents_.back();
    }
    int first = computed_behind(node->input_value(0));
    for (std::size_t i = 1; i < map_inputs(*node); ++i) {
      const int other = computed_behind(node->input_value(i));  // may join groups itself, so it comes before root_of()
      parents_[static_cast<std::size_t>(root_of(other))] = root_of(first);
    }
    return numbers_[node] = first;
  }

  int root_of(int number) const {
    while (parents_[static_cast<std::size_t>(number)] != number) number = parents_[static_cast<std::size_t>(number)];
    return number;
  }

  std::vector<Value> values_;
  std::vector<int> parents_;
  std::unordered_map<const ov::Node*, int> numbers_;
};

std::vector<Group> groups_of(const ov::Model& model) { return Grouping(model).groups(); }

std::shared_ptr<op::v0::Constant> constant(const ov::Shape& shape, const std::vector<float>& values) {
  return op::v0::Constant::create(ov::element::f32, shape, values);
}

const ValueRange& range_of(const Value& value, const ValueRanges& ranges) {
  const auto found = ranges.find(value.get_node()->get_friendly_name());
  if (found == ranges.end())
    throw std::runtime_error(
        fmt::format("the ranges lack that of {}; quantize the model again", value.get_node()->get_friendly_name()));
  return found->second;
}

/// The range of all values of a group. It contains zero, which padding adds, and zero is one of its steps.
ValueRange common_range(const Group& group, const ValueRanges& ranges) {
  ValueRange common;
  for (const auto& value : group) {
    const auto& range = range_of(value, ranges);
    common.low = std::min(common.low, range.low);
    common.high = std::max(common.high, range.high);
  }
  common.high = std::max(common.high, common.low + 1e-6F);
  if (common.low == 0 || common.high == 0) return common;
  // Zero becomes a step if one side is widened: the high side with fewer steps below zero, the low side with more.
  const float step = (common.high - common.low) / 255;
  const float fewer = std::clamp(std::floor(-common.low / step), 1.0F, 254.0F), more = std::min(fewer + 1, 254.0F);
  const ValueRange wide_above{common.low, std::max(common.high, -common.low * (255 - fewer) / fewer)};
  const ValueRange wide_below{std::min(common.low, -common.high * more / (255 - more)), common.high};
  common = wide_above.high - wide_above.low < wide_below.high - wide_below.low ? wide_above : wide_below;
  return common;
}

/// Whether the reader passes the value to results only. It gets the value as it is: rounded maps would be more
/// expensive to return, because OpenVINO moves 8-bit integers from layout to layout before it turns them into numbers.
bool returns(const ov::Node& reader) {
  if (ov::is_type<op::v0::Result>(&reader)) return true;
  const auto next = reader.output(0).get_target_inputs();
  return ov::is_type<op::v1::Transpose>(&reader) &&
         std::ranges::all_of(next, [](const auto& input) { return ov::is_type<op::v0::Result>(input.get_node()); });
}

void round_value(const Value& value, const ValueRange& range) {
  const auto low = constant({}, {range.low}), high = constant({}, {range.high});
  const auto readers = value.get_target_inputs();
  const auto rounded = std::make_shared<op::v0::FakeQuantize>(value, low, high, low, high, 256);
  for (auto reader : readers)
    if (!returns(*reader.get_node())) reader.replace_source_output(rounded->output(0));
}

/// Weights are O×I×k×k, or G×O×I×k×k with groups.
void round_weights(ov::Node& convolution) {
  const auto weights = ov::as_type_ptr<op::v0::Constant>(convolution.get_input_node_shared_ptr(1));
  if (!weights) return;  // already quantized
  const auto values = weights->cast_vector<float>();
  ov::Shape shape(weights->get_shape().size(), 1);
  const std::size_t channel_axes = ov::is_type<op::v1::GroupConvolution>(&convolution) ? 2 : 1;
  for (std::size_t i = 0; i < channel_axes; ++i) shape[i] = weights->get_shape()[i];
  const auto channels = ov::shape_size(shape);
  const auto length = values.size() / channels;
  std::vector<float> largest(channels, 1e-9F);
  for (std::size_t i = 0; i < values.size(); ++i)
    largest[i / length] = std::max(largest[i / length], std::abs(values[i]));
  std::vector<float> smallest;
  for (const float value : largest) smallest.push_back(-value);
  const auto low = constant(shape, smallest), high = constant(shape, largest);
  const auto rounded = std::make_shared<op::v0::FakeQuantize>(weights, low, high, low, high, weight_levels());
  convolution.input(1).replace_source_output(rounded->output(0));
}

}  // namespace

std::vector<std::string> observe_values(ov::Model& model) {
  std::vector<std::string> names;
  ov::ResultVector results;
  const auto axes = op::v0::Constant::create(ov::element::i64, ov::Shape{4}, std::vector<std::int64_t>{0, 1, 2, 3});
  for (const auto& group : groups_of(model))
    for (const auto& value : group) {
      names.push_back(value.get_node()->get_friendly_name());
      results.push_back(std::make_shared<op::v0::Result>(std::make_shared<op::v1::ReduceMin>(value, axes)));
      results.push_back(std::make_shared<op::v0::Result>(std::make_shared<op::v1::ReduceMax>(value, axes)));
    }
  model.add_results(results);
  return names;
}

void quantize(ov::Model& model, const ValueRanges& ranges) {
  for (const auto& group : groups_of(model)) {
    const auto range = common_range(group, ranges);
    for (const auto& value : group) round_value(value, range);
  }
  for (const auto& node : model.get_ordered_ops())
    if (is_convolution(*node)) round_weights(*node);
}

}  // namespace onepass::model
