// Which values are rounded, and to which steps.
#include "model/run/openvino/quantization.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openvino/core/model.hpp>
#include <openvino/op/ops.hpp>

#include "core/processor.hpp"
#include "model/graph/graph_builder.hpp"
#include "model/run/openvino/openvino_graph.hpp"
#include "model/run/torch/at_tensor.hpp"

namespace onepass::model {
namespace {

using testing::UnorderedElementsAre;

Convolution convolution(int in, int out) {
  Convolution result;
  result.weight = from_at(at::linspace(-1, 2, in * out).view({out, in, 1, 1}));
  result.bias = Tensor::filled({out}, 0);
  return result;
}

/// Two layers whose maps are joined and read by a third.
std::shared_ptr<ov::Model> joining_model() {
  GraphBuilder builder;
  const int left = builder.convolve(0, convolution(3, 4)), right = builder.convolve(0, convolution(3, 2));
  const int pooled = builder.max_pool(builder.concat({left, right}), {3, 1, 1});
  const int read = builder.convolve(pooled, convolution(6, 2));
  return to_openvino(builder.finish({left, right, read}, {{read, -1}}), {}, 8, 8);
}

std::vector<std::shared_ptr<ov::op::v0::FakeQuantize>> roundings(const ov::Model& model, std::size_t levels) {
  std::vector<std::shared_ptr<ov::op::v0::FakeQuantize>> found;
  for (const auto& node : model.get_ordered_ops()) {
    const auto rounding = ov::as_type_ptr<ov::op::v0::FakeQuantize>(node);
    if (rounding && rounding->get_levels() == levels) found.push_back(rounding);
  }
  return found;
}

std::vector<float> end_of(const ov::op::v0::FakeQuantize& rounding, std::size_t input) {
  return ov::as_type_ptr<ov::op::v0::Constant>(rounding.get_input_node_shared_ptr(input))->cast_vector<float>();
}

TEST(Quantization, ObservesWhatConvolutionsRead) {
  const auto model = joining_model();
  EXPECT_THAT(observe_values(*model), UnorderedElementsAre("image", "model.0", "model.1"));
  EXPECT_EQ(model->get_results().size(), 1U + 2 * 3);
}

TEST(Quantization, JoinedMapsShareARangeThatContainsZeroAsAStep) {
  const auto model = joining_model();
  quantize(*model, {{"image", {0, 1}}, {"model.0", {-0.3F, 5}}, {"model.1", {0.5F, 7}}});
  int joined = 0;
  for (const auto& rounding : roundings(*model, 256)) {
    const float low = end_of(*rounding, 1)[0], high = end_of(*rounding, 2)[0];
    EXPECT_EQ(end_of(*rounding, 3)[0], low);
    EXPECT_EQ(end_of(*rounding, 4)[0], high);
    if (rounding->get_input_node_ptr(0)->get_friendly_name() == "image") {
      EXPECT_EQ(low, 0);
      EXPECT_EQ(high, 1);
      continue;
    }
    ++joined;
    EXPECT_LE(low, -0.3F);
    EXPECT_GE(high, 7);
    EXPECT_LT(high - low, 7.4);
    const float steps = -low / ((high - low) / 255);
    EXPECT_NEAR(steps, std::round(steps), 1e-3);
  }
  EXPECT_EQ(joined, 2);
}

TEST(Quantization, WhatIsReturnedIsNotRounded) {
  GraphBuilder builder;
  const int first = builder.convolve(0, convolution(3, 4)), second = builder.convolve(first, convolution(4, 2));
  const auto model = to_openvino(builder.finish({first, second}, {{second, -1}}), {0}, 8, 8);
  quantize(*model, {{"image", {0, 1}}, {"model.0", {-1, 5}}});
  EXPECT_EQ(roundings(*model, 256).size(), 2U);
  const auto returned = model->get_results().at(1)->get_input_node_shared_ptr(0)->get_input_node_shared_ptr(0);
  EXPECT_EQ(returned->get_friendly_name(), "model.0");
}

TEST(Quantization, MapsMayBeJoinedMoreThanOnce) {
  GraphBuilder builder;
  const int left = builder.convolve(0, convolution(3, 4)), right = builder.convolve(0, convolution(3, 2));
  const int joined = builder.concat({left, builder.concat({right, left})});
  const int read = builder.convolve(joined, convolution(10, 2));
  const auto model = to_openvino(builder.finish({left, right, read}, {{read, -1}}), {}, 8, 8);
  quantize(*model, {{"image", {0, 1}}, {"model.0", {0, 5}}, {"model.1", {0, 7}}});
  EXPECT_EQ(roundings(*model, 256).size(), 3U);
}

TEST(Quantization, WeightsAreRoundedPerOutputChannelSymmetrically) {
  const auto model = joining_model();
  quantize(*model, {{"image", {0, 1}}, {"model.0", {0, 5}}, {"model.1", {0, 7}}});
  const auto rounded = roundings(*model, has_vnni() ? 255 : 127);
  ASSERT_EQ(rounded.size(), 3U);
  for (const auto& rounding : rounded) {
    const auto weights =
        ov::as_type_ptr<ov::op::v0::Constant>(rounding->get_input_node_shared_ptr(0))->cast_vector<float>();
    const auto high = end_of(*rounding, 2), low = end_of(*rounding, 1);
    const auto length = weights.size() / high.size();
    for (std::size_t channel = 0; channel < high.size(); ++channel) {
      float largest = 0;
      for (std::size_t i = 0; i < length; ++i) largest = std::max(largest, std::abs(weights[channel * length + i]));
      EXPECT_EQ(high[channel], largest);
      EXPECT_EQ(low[channel], -largest);
    }
  }
}

}  // namespace
}  // namespace onepass::model
