// Compares the properties that inspect() reports for a network's layers with the network's outputs.
#include "lab/inspection.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/at_maps.hpp"
#include "support/golden.hpp"
#include "support/taps.hpp"
#include "support/test_data.hpp"

namespace onepass::lab {
namespace {

using test::data;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int side = 256;

/// The number of image columns on which the middle cell of each layer's map depends: every column is changed in turn.
std::vector<int> columns_that_matter(const std::string& model, const std::vector<int>& layers) {
  const auto network = model::load_network(data(model), test::taps(layers));
  const auto image = test::pattern(32, side);
  const auto middle = [](const at::Tensor& map) {
    return map.select(3, map.size(3) / 2).select(2, map.size(2) / 2).clone();
  };
  const auto before = test::run(network, image);
  std::vector<int> first(layers.size(), side);
  std::vector<int> last(layers.size(), -1);
  for (int column = 0; column < side; ++column) {
    for (const float value : {-8.0F, 9.0F}) {  // both signs, because a maximum hides smaller values
      auto changed = image.clone();
      changed.select(3, column).fill_(value);
      const auto after = test::run(network, changed);
      for (std::size_t i = 0; i < layers.size(); ++i) {
        if (at::equal(middle(before.taps[i]), middle(after.taps[i]))) continue;
        first[i] = std::min(first[i], column);
        last[i] = std::max(last[i], column);
      }
    }
  }
  std::vector<int> counts;
  for (std::size_t i = 0; i < layers.size(); ++i) counts.push_back(last[i] - first[i] + 1);
  return counts;
}

void expect_receptive_fields(const std::string& model) {
  const auto info = model::load_network(data(model)).info;
  std::vector<int> layers;
  std::vector<int> told;
  for (const auto& layer : info.layers) {
    if (layer.receptive_field >= side / 2) continue;  // would reach beyond the image
    layers.push_back(layer.index);
    told.push_back(layer.receptive_field);
  }
  ASSERT_GE(layers.size(), 5U) << model;
  EXPECT_EQ(columns_that_matter(model, layers), told) << model;
}

TEST(Inspection, ReceptiveFieldsAreWhatChangesACell) {
  for (const auto* model :
       {"tiny_v8.pt", "tiny_v8.torchscript", "tiny_v5.pt", "tiny_v5.torchscript", "tiny_v7.pt", "tiny_v7.torchscript"})
    expect_receptive_fields(model);
}

TEST(Inspection, IsTheSameForBothKindsOfFile) {
  for (const std::string name : {"tiny_v8", "tiny_v5", "tiny_v7"}) {
    auto checkpoint = inspect(model::load_network(data(name + ".pt")).info, 128);
    auto script = inspect(model::load_network(data(name + ".torchscript")).info, 128);
    checkpoint.network.path = script.network.path;
    EXPECT_EQ(nlohmann::json::parse(to_json(checkpoint))["layers"], nlohmann::json::parse(to_json(script))["layers"]);
    EXPECT_EQ(checkpoint.parameters, script.parameters) << name;  // these exports are not folded
  }
}

TEST(Inspection, ShapesAreThoseOfTheMaps) {
  const auto all_layers = [](const model::NetworkInfo& info) {
    std::vector<int> layers;
    for (const auto& layer : info.layers) layers.push_back(layer.index);
    return layers;
  };
  const auto network = model::load_network(data("tiny_v8.pt"), all_layers);
  const auto inspection = inspect(network.info, 100);  // no multiple of the stride, 16
  EXPECT_EQ(inspection.imgsz, 112);
  const auto output = test::run(network, at::zeros({1, 3, 112, 112}));
  const auto json = nlohmann::json::parse(to_json(inspection));
  ASSERT_EQ(json["layers"].size(), output.taps.size());
  for (std::size_t i = 0; i < output.taps.size(); ++i) {
    const auto& map = output.taps[i];
    EXPECT_EQ(json["layers"][i]["output_shape"], nlohmann::json({map.size(1), map.size(2), map.size(3)}));
    EXPECT_EQ(json["layers"][i]["index"], i);
  }
  EXPECT_THAT(json["head"]["inputs"].get<std::vector<int>>(), ElementsAre(9, 12));
  EXPECT_EQ(json["head"]["class"], "Detect");
  EXPECT_EQ(json["head"]["index"], 13);
}

TEST(Inspection, TheReceptiveFieldOfAttentionIsTheWholeImage) {
  const auto json = nlohmann::json::parse(to_json(inspect(model::load_network(data("tiny_blocks.pt")).info, 64)));
  int whole = 0;
  for (const auto& layer : json["layers"]) {
    if (layer["receptive_field"].is_null()) ++whole;
    EXPECT_TRUE(layer["class"] != "C2PSA" || layer["receptive_field"].is_null());
  }
  EXPECT_GT(whole, 0);
  EXPECT_FALSE(json["layers"][0]["receptive_field"].is_null());
}

TEST(Inspection, SuggestsTapsWithReasons) {
  const auto inspection = inspect(model::load_network(data("tiny_v8.pt")).info, 64);
  ASSERT_EQ(inspection.taps.size(), 2U);
  EXPECT_EQ(inspection.taps[0].layer, 2);
  EXPECT_THAT(inspection.taps[0].reason, HasSubstr("stride 4"));
  const auto text = to_text(inspection);
  EXPECT_THAT(text, HasSubstr("14970 parameters"));
  EXPECT_THAT(text, HasSubstr("P4   layer  12"));
}

}  // namespace
}  // namespace onepass::lab
