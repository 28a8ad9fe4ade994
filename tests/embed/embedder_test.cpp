#include "embed/embedder.hpp"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/at_maps.hpp"
#include "support/message_of.hpp"

namespace onepass::embed {
namespace {

using testing::HasSubstr;

model::NetworkInfo yolov8_like() {
  model::NetworkInfo info;
  info.path = "tiny.pt";
  const std::vector<std::pair<std::string, int>> chain = {
      {"Conv", 2}, {"Conv", 4},     {"C2f", 4},    {"Conv", 8},  {"C2f", 8},       {"Conv", 16},
      {"C2f", 16}, {"Conv", 32},    {"C2f", 32},   {"SPPF", 32}, {"Upsample", 16}, {"Concat", 16},
      {"C2f", 16}, {"Upsample", 8}, {"Concat", 8}, {"C2f", 8}};
  for (const auto& [type, stride] : chain) {
    info.layers.push_back({static_cast<int>(info.layers.size()), type, 8, stride});
  }
  info.head.inputs = {15, 12, 9};
  info.head.strides = {8, 16, 32};
  return info;
}

std::string plan_error(const EmbedConfig& config) {
  try {
    plan_embedding(config, yolov8_like());
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(PlanEmbedding, TakesTheDeepestBackboneLayersOfStrides4And8) {
  const auto plan = plan_embedding({}, yolov8_like());
  EXPECT_EQ(plan.layers, (std::vector<int>{2, 4}));
  EXPECT_EQ(plan.strides, (std::vector<int>{4, 8}));
  EXPECT_EQ(plan.stripes, (std::vector<int>{8, 8}));
}

TEST(PlanEmbedding, PoolsUnderMasksOnlyIfTheNetworkPredictsSome) {
  auto network = yolov8_like();
  EXPECT_EQ(plan_embedding({}, network).region, EmbedRegion::box);
  EXPECT_EQ(to_string(plan_embedding({}, network)).find("masks"), std::string::npos);
  network.head.mask_channels = 32;
  EXPECT_EQ(plan_embedding({}, network).region, EmbedRegion::mask);
  EXPECT_NE(to_string(plan_embedding({}, network)).find("under masks"), std::string::npos);
  EmbedConfig config;
  config.pooling = EmbedPooling::align;
  EXPECT_EQ(plan_embedding(config, network).region, EmbedRegion::box);
}

TEST(PlanEmbedding, TakesAllStridesFrom4OnIfNoneIsUsual) {
  model::NetworkInfo network;
  for (const int stride : {2, 14, 14, 28})
    network.layers.push_back({static_cast<int>(network.layers.size()), "map", 8, stride});
  const auto plan = plan_embedding({}, network);
  EXPECT_EQ(plan.layers, (std::vector<int>{2, 3}));
  EXPECT_EQ(plan.stripes, (std::vector<int>{4, 1}));
}

TEST(PlanEmbedding, FollowsTheUser) {
  EmbedConfig config;
  config.layers = {"4", "12"};
  EXPECT_EQ(plan_embedding(config, yolov8_like()).stripes, (std::vector<int>{8, 4}));
  config.stripes = {2};
  EXPECT_EQ(plan_embedding(config, yolov8_like()).stripes, (std::vector<int>{2, 2}));
  config.stripes = {2, 3, 4};
  EXPECT_THAT(plan_error(config), HasSubstr("embed.stripes has 3 values for 2 layers"));
  config.stripes = {};
  config.layers = {"99"};
  EXPECT_THAT(plan_error(config), HasSubstr("layer 99 has no feature map; these layers have one: 0, 1, 2"));
  config.method = EmbedMethod::none;
  EXPECT_TRUE(plan_embedding(config, yolov8_like()).layers.empty());
}

TEST(PlanEmbedding, LayersHaveNames) {
  auto network = yolov8_like();
  for (auto& layer : network.layers) layer.name = "model." + std::to_string(layer.index);
  network.operators = {{16, "Add", 24, 8, 0, 0, "/model.4/Add"}, {17, "Relu", 12, 0, 0, 0, "/flat"}};
  EmbedConfig config;
  config.layers = {"model.4", "/model.4/Add", "16", "9"};
  const auto plan = plan_embedding(config, network);
  EXPECT_EQ(plan.layers, (std::vector<int>{4, 16, 16, 9}));
  EXPECT_EQ(plan.strides, (std::vector<int>{8, 8, 8, 32}));
  EXPECT_EQ(plan.channels, (std::vector<int>{8, 24, 24, 8}));
  const auto error = [&](const std::string& name) {
    config.layers = {name};
    return test::message_of([&] { plan_embedding(config, network); });
  };
  EXPECT_THAT(error("/model.4/Ad"), HasSubstr("tiny.pt: has no layer '/model.4/Ad' with a feature map (did you mean "
                                              "'/model.4/Add'?); an inspection of the model lists all"));
  EXPECT_THAT(error("/flat"), HasSubstr("has no layer '/flat' with a feature map"));
  EXPECT_THAT(error("17"), HasSubstr("layer 17 has no feature map"));
  EXPECT_THAT(error("-1"), HasSubstr("layer -1 has no feature map"));
}

TEST(PlanEmbedding, CellReadsWhatTheHeadReads) {
  EmbedConfig config;
  config.method = EmbedMethod::cell;
  EXPECT_EQ(plan_embedding(config, yolov8_like()).layers, (std::vector<int>{15, 12, 9}));
}

/// Maps with one pattern in the left half and another in the right half, so that objects of a half look alike.
std::vector<at::Tensor> two_patterns(std::vector<int> strides, int channels) {
  at::manual_seed(3);
  std::vector<at::Tensor> taps;
  for (const int stride : strides) {
    const int side = 128 / stride;
    auto map = at::zeros({1, channels, side, side});
    map.slice(3, 0, side / 2) += at::randn({1, channels, 1, 1}) + 4;
    map.slice(3, side / 2) += at::randn({1, channels, 1, 1}) + 4;
    taps.push_back(map + 0.05 * at::randn_like(map));
  }
  return taps;
}

TEST(Embedder, GivesUnitVectorsThatDistinguishPatterns) {
  EmbedConfig config;
  Embedder embedder(plan_embedding(config, yolov8_like()));
  const auto taps = two_patterns({4, 8}, 8);
  const std::vector<PlacedBox> boxes = {{{8, 10, 20, 60}, 0.9F, {}},
                                        {{30, 50, 24, 64}, 0.8F, {}},
                                        {{72, 10, 20, 60}, 0.9F, {}},
                                        {{90, 50, 24, 64}, 0.8F, {}}};
  const auto embeddings = embedder.embed(test::maps_of(taps), boxes);
  ASSERT_EQ(embeddings.size(), 4U);
  for (const auto& embedding : embeddings) {
    EXPECT_EQ(embedding.size(), 8 * (8 + 8));
    EXPECT_NEAR(embedding.norm(), 1, 1e-5);
  }
  EXPECT_GT(embeddings[0].dot(embeddings[1]), 0.7F);
  EXPECT_GT(embeddings[2].dot(embeddings[3]), 0.7F);
  EXPECT_LT(embeddings[0].dot(embeddings[2]), -0.5F);  // standardized embeddings of different kinds are opposite
}

/// 40 people of 10×20 pixels, in rows of eight.
std::vector<PlacedBox> crowd_of_40() {
  std::vector<PlacedBox> crowd;
  for (int i = 0; i < 40; ++i)
    crowd.push_back({{static_cast<float>(i % 8 * 16), static_cast<float>(i / 8 * 25), 10, 20}, 0.9F, {}, {}});
  return crowd;
}

TEST(Embedder, LearnsFromFewObjectsOfACrowdOnceMuchIsKnown) {
  Embedder embedder(plan_embedding({}, yolov8_like()));
  const auto learned = [&](int frames) {
    for (int frame = 0; frame < frames; ++frame) embedder.embed(test::maps_of(two_patterns({4, 8}, 8)), crowd_of_40());
    return embedder.statistics()[1].scatter.within.weight;
  };
  EXPECT_EQ(learned(1), 0);  // nothing deviates from itself
  EXPECT_EQ(learned(62), 62 * 32);
  EXPECT_EQ(learned(1), 63 * 32);
  EXPECT_EQ(learned(10), 63 * 32 + 10 * 8);
}

TEST(Embedder, EveryObjectOfACrowdTeachesInItsTurn) {
  Embedder embedder(plan_embedding({}, yolov8_like()));
  auto taps = two_patterns({4, 8}, 8);
  const auto scatter = [&](int frames) {
    for (int frame = 0; frame < frames; ++frame) embedder.embed(test::maps_of(taps), crowd_of_40());
    return embedder.statistics()[0].scatter.within.parts[0].norm();
  };
  const float still = scatter(70);
  for (int row = 0; row < 5; ++row) {  // in each row of people, the third one changes
    taps[0].slice(2, row * 25 / 4, row * 25 / 4 + 6).slice(3, 8, 11) += 10;
    const float before = scatter(5);
    taps[0].slice(2, row * 25 / 4, row * 25 / 4 + 6).slice(3, 8, 11) -= 10;
    EXPECT_GT(before, 3 * still) << "row " << row;
  }
}

TEST(Embedder, WithoutStandardizationEverythingLooksAlike) {
  EmbedConfig config;
  config.standardize = false;
  Embedder embedder(plan_embedding(config, yolov8_like()));
  const auto embeddings =
      embedder.embed(test::maps_of(two_patterns({4, 8}, 8)),
                     std::vector<PlacedBox>{{{8, 10, 20, 60}, 0.9F, {}}, {{72, 10, 20, 60}, 0.9F, {}}});
  EXPECT_GT(embeddings[0].dot(embeddings[1]), 0.8F);
}

TEST(Embedder, PoolsUnderTheMaskUnlessTheBoxIsAskedFor) {
  EmbedConfig config;
  config.standardize = false;
  config.center_weight = 1;
  const MaskShares left_half{12, 2, 4, 16, std::vector<float>(64, 1)};
  const std::vector<PlacedBox> boxes = {{{48, 8, 32, 64}, 0.9F, {}, left_half}, {{48, 8, 16, 64}, 0.9F, {}}};
  const auto taps = two_patterns({4, 8}, 8);
  auto network = yolov8_like();
  network.head.mask_channels = 32;
  const auto similarity = [&](EmbedRegion region) {
    config.region = region;
    const auto embeddings = Embedder(plan_embedding(config, network)).embed(test::maps_of(taps), boxes);
    return embeddings[0].dot(embeddings[1]);
  };
  EXPECT_NEAR(similarity(EmbedRegion::mask), 1, 1e-5) << "the mask covers the second box";
  EXPECT_LT(similarity(EmbedRegion::box), 0.999);
}

TEST(Embedder, CellIsTheAnchorsOwnCellInGroups) {
  EmbedConfig config;
  config.method = EmbedMethod::cell;
  auto network = yolov8_like();
  Embedder embedder(plan_embedding(config, network));
  at::manual_seed(1);
  const std::vector<at::Tensor> taps = {at::randn({1, 4, 16, 16}), at::randn({1, 8, 8, 8}), at::randn({1, 16, 4, 4})};
  const auto embeddings = embedder.embed(test::maps_of(taps), std::vector<PlacedBox>{{{0, 0, 9, 9}, 0.9F, {1, 5, 2}}});
  const auto cell = taps[1].slice(2, 5, 6).slice(3, 2, 3).reshape({4, 2}).mean(1);
  const auto golden = (cell / cell.norm()).contiguous();
  ASSERT_EQ(embeddings[0].size(), 4);
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(embeddings[0][i], golden.data_ptr<float>()[i], 1e-6);
}

TEST(Embedder, NoneGivesEmptyEmbeddingsAndNoBoxesGiveNone) {
  Embedder embedder(EmbedPlan{});
  EXPECT_TRUE(embedder.embed({}, {}).empty());
  const auto embeddings = embedder.embed({}, std::vector<PlacedBox>(2));
  ASSERT_EQ(embeddings.size(), 2U);
  EXPECT_EQ(embeddings[0].size(), 0);
}

}  // namespace
}  // namespace onepass::embed
