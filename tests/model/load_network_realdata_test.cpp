// The real YOLOv8n and YOLOv5n against the values of an independent forward pass
// (tools/models/make_test_models.py --run).
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/load_network.hpp"
#include "support/at_maps.hpp"
#include "support/data.hpp"
#include "support/golden.hpp"
#include "support/taps.hpp"

namespace onepass::model {
namespace {

using testing::ElementsAre;

struct Figures {
  double mean;
  double deviation;
};

void expect_figures(const at::Tensor& map, const Figures& expected, const std::string& name) {
  EXPECT_NEAR(map.mean().item<double>(), expected.mean, 2e-5) << name;
  EXPECT_NEAR(map.std().item<double>(), expected.deviation, 2e-5) << name;
}

TEST(RealNetwork, Yolov8nComputesWhatPythonDoes) {
  ONEPASS_REAL_DATA(data);
  const auto network =
      load_network(data / "models/yolov8n.pt", test::taps({15, 18, 21}), {.precision = Precision::f32});
  const auto& info = network.info;
  ASSERT_EQ(info.class_names.size(), 80U);
  EXPECT_EQ(info.class_names.front(), "person");
  EXPECT_EQ(info.class_names.back(), "toothbrush");
  EXPECT_EQ(info.image_size, 640);
  EXPECT_EQ(info.stride, 32);
  EXPECT_EQ(info.head.kind, HeadKind::dfl);
  EXPECT_THAT(info.head.strides, ElementsAre(8, 16, 32));
  EXPECT_THAT(info.head.inputs, ElementsAre(15, 18, 21));
  std::string layers;
  for (const auto& layer : info.layers)
    layers += layer.type + "/" + std::to_string(layer.channels) + "/" + std::to_string(layer.stride) + " ";
  EXPECT_EQ(layers,
            "Conv/16/2 Conv/32/4 C2f/32/4 Conv/64/8 C2f/64/8 Conv/128/16 C2f/128/16 Conv/256/32 C2f/256/32 "
            "SPPF/256/32 Upsample/256/16 Concat/384/16 C2f/128/16 Upsample/128/8 Concat/192/8 C2f/64/8 Conv/64/16 "
            "Concat/192/16 C2f/128/16 Conv/128/32 Concat/384/32 C2f/256/32 ");

  const auto output = test::run(network, test::pattern(384, 640));
  ASSERT_EQ(output.levels.size(), 3U);
  expect_figures(output.taps[0], {0.333037, 0.555566}, "layer 15");
  expect_figures(output.taps[1], {0.033985, 0.387475}, "layer 18");
  expect_figures(output.taps[2], {-0.086938, 0.317805}, "layer 21");
  expect_figures(output.levels[0].boxes, {0.999771, 2.393020}, "boxes of stride 8");
  expect_figures(output.levels[0].classes, {-15.128237, 1.629464}, "classes of stride 8");
  expect_figures(output.levels[2].boxes, {1.000373, 2.497459}, "boxes of stride 32");
  expect_figures(output.levels[2].classes, {-13.392422, 2.116622}, "classes of stride 32");
}

TEST(RealNetwork, Yolov5nComputesWhatPythonDoes) {
  ONEPASS_REAL_DATA(data);
  const auto network = load_network(data / "models/yolov5n.pt", test::taps({17, 23}), {.precision = Precision::f32});
  const auto& info = network.info;
  ASSERT_EQ(info.class_names.size(), 80U);
  EXPECT_EQ(info.class_names.front(), "person");
  EXPECT_EQ(info.head.kind, HeadKind::anchors);
  EXPECT_EQ(info.head.class_count, 80);
  EXPECT_THAT(info.head.strides, ElementsAre(8, 16, 32));
  EXPECT_THAT(info.head.inputs, ElementsAre(17, 20, 23));
  ASSERT_EQ(info.head.anchors.size(), 3U);
  EXPECT_THAT(info.head.anchors[0][0], ElementsAre(10, 13));
  EXPECT_THAT(info.head.anchors[2][2], ElementsAre(373, 326));
  EXPECT_EQ(info.layers.size(), 24U);

  const auto output = test::run(network, test::pattern(384, 640));
  expect_figures(output.taps[0], {1.077134, 1.725213}, "layer 17");
  expect_figures(output.taps[1], {0.413535, 1.022007}, "layer 23");
  expect_figures(output.levels[0].boxes, {-4.914173, 1.913688}, "stride 8");
  expect_figures(output.levels[1].boxes, {-5.067054, 1.692834}, "stride 16");
  expect_figures(output.levels[2].boxes, {-5.641664, 1.807973}, "stride 32");
  EXPECT_FALSE(output.levels[0].classes.defined());
}

}  // namespace
}  // namespace onepass::model
