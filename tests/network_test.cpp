// Checkpoints of our own (tools/make_test_models.py) against what PyTorch computes from them.
#include "model/network.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/golden.hpp"

namespace onepass {
namespace {

using test::Golden;
using test::largest_difference;
using test::pattern;
using test::read_golden;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double tolerance = 1e-5;

std::filesystem::path data(const std::string& name) { return std::filesystem::path(ONEPASS_TEST_DATA) / name; }

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

std::vector<int> layers_in(const Golden& golden) {
  std::vector<int> layers;
  for (const auto& [name, tensor] : golden)
    if (name.starts_with("layer ")) layers.push_back(std::stoi(name.substr(6)));
  return layers;
}

void expect_equals_golden(const std::string& model, const std::string& golden_name) {
  const auto golden = read_golden(data(golden_name));
  const auto layers = layers_in(golden);
  const auto network = load_network(data(model));
  network->prepare(layers, "cpu");
  const auto output = network->forward(pattern(64, 96));
  ASSERT_EQ(output.taps.size(), layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto name = "layer " + std::to_string(layers[i]);
    EXPECT_LT(largest_difference(output.taps[i], golden.at(name)), tolerance) << model << " " << name;
    EXPECT_TRUE(output.taps[i].is_contiguous(at::MemoryFormat::ChannelsLast)) << name;
  }
  std::size_t map = 0;
  for (const auto& level : output.levels)
    for (const auto* tensor : {&level.boxes, &level.classes}) {
      if (!tensor->defined()) continue;
      const auto name = "head " + std::to_string(map++);
      EXPECT_LT(largest_difference(*tensor, golden.at(name)), tolerance) << model << " " << name;
    }
  EXPECT_EQ(golden.count("head " + std::to_string(map)), 0U) << "a map is missing";
}

TEST(Network, V8CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v8.pt", "tiny_v8.golden"); }
TEST(Network, V5CheckpointComputesWhatPythonDoes) { expect_equals_golden("tiny_v5.pt", "tiny_v5.golden"); }
TEST(Network, V8ExportComputesWhatPythonDoesAtAnotherSizeThanTraced) {
  expect_equals_golden("tiny_v8.torchscript", "tiny_v8.golden");
}
TEST(Network, V5ExportComputesWhatPythonDoesAtAnotherSizeThanTraced) {
  expect_equals_golden("tiny_v5.torchscript", "tiny_v5.golden");
}
TEST(Network, BlocksOfOtherFamiliesComputeWhatPythonDoes) {
  expect_equals_golden("tiny_blocks.pt", "tiny_blocks.golden");
}

}  // namespace
}  // namespace onepass
