// Which operators stay in f32 when a network is compiled for bf16.
#include "model/run/openvino/precise_ends.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openvino/core/model.hpp>
#include <openvino/runtime/core.hpp>

#include "model/load_network.hpp"
#include "model/run/openvino/openvino_file.hpp"
#include "model/run/openvino/openvino_graph.hpp"

namespace onepass::model {
namespace {

std::filesystem::path data(const std::string& name) { return std::filesystem::path(ONEPASS_TEST_DATA) / name; }

struct Found {
  std::size_t convolutions = 0;
  std::vector<std::string> in_f32;  ///< outputs of the convolutions that OpenVINO computes in f32
};

/// What OpenVINO really makes of the model.
Found compiled(const std::shared_ptr<ov::Model>& model) {
  ov::Core core;
  const auto ready = core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::bf16));
  Found found;
  for (const auto& node : ready.get_runtime_model()->get_ops()) {
    const auto& notes = node->get_rt_info();
    const auto note = [&](const char* name) { return notes.at(name).as<std::string>(); };
    if (!notes.contains("layerType") || note("layerType") != "Convolution") continue;
    ++found.convolutions;
    if (note("runtimePrecision") == "f32") found.in_f32.push_back(note("originalLayersNames"));
  }
  return found;
}

bool has_bf16() {
  const auto names = ov::Core().get_property("CPU", ov::device::capabilities);
  return std::ranges::find(names, ov::device::capability::BF16) != names.end();
}

TEST(PreciseEnds, AreTheFirstConvolutionAndTheLastOfEveryMap) {
  if (!has_bf16()) GTEST_SKIP() << "this processor does not compute in bf16";
  ASSERT_TRUE(can_keep_in_f32());
  const auto graph = std::get<Graph>(read_model(data("tiny_v8.pt")).program);
  const auto make = [&] { return to_openvino(graph, {2, 4, 6}, 64, 96); };
  EXPECT_TRUE(compiled(make()).in_f32.empty());

  const auto model = make();
  const auto heads = model->get_results().size() - 3;
  ASSERT_EQ(heads, 4U);  // boxes and classes on two levels
  keep_ends_in_f32(*model, heads);
  const auto found = compiled(model);
  EXPECT_EQ(found.in_f32.size(), 1 + heads);
  EXPECT_GT(found.convolutions, 20U) << "the other ones stay in bf16";
  const auto holds = [&](const std::string& value) {
    return std::ranges::any_of(found.in_f32, [&](const auto& names) { return (names + ",").find(value + ",") != names.npos; });
  };
  EXPECT_TRUE(holds("model.0"));
  for (const auto& level : graph.levels)
    for (const int value : level.values()) EXPECT_TRUE(holds("value." + std::to_string(value))) << value;
}

TEST(PreciseEnds, OfFilesAreBeforeTheirDecoding) {
  if (!has_bf16()) GTEST_SKIP() << "this processor does not compute in bf16";
  const auto file = read_openvino(data("export_v8.onnx")).file;
  const auto model = to_openvino(*file, {}, 64, 96);
  keep_ends_in_f32(*model, 1);
  const auto found = compiled(model);
  EXPECT_EQ(found.in_f32.size(), 5U);
  EXPECT_GT(found.convolutions, 20U);
}

}  // namespace
}  // namespace onepass::model
