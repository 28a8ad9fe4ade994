// Runs small exports (tools/models/make_test_exports.py) on images whose input is the image of their golden files.
#include "detect/forward_pass.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "onepass/detector.hpp"
#include "support/golden.hpp"
#include "support/message_of.hpp"
#include "support/test_data.hpp"

namespace onepass::detect {
namespace {

using test::data;
using testing::HasSubstr;

#if ONEPASS_TEST_OPENVINO

/// The image that becomes pattern(height, width), if it is not scaled.
Frame pattern_frame(int height, int width) {
  const auto pixels =
      (test::pattern(height, width)[0].flip(0) * 255).round().to(at::kByte).permute({1, 2, 0}).contiguous();
  Frame frame;
  frame.image = cv::Mat(height, width, CV_8UC3, pixels.data_ptr()).clone();
  return frame;
}

DetectorConfig config_with(float conf) {
  DetectorConfig config;
  config.conf = conf;
  config.precision = Precision::f32;
  return config;
}

PassResult run(const std::string& name, const Frame& frame, float conf) {
  const auto config = config_with(conf);
  return ForwardPass(load_network(data(name), model::no_taps, config), config).run(frame);
}

TEST(ForwardPass, QueryDetectorsReturnTheirBoxesInTheFrame) {
  const auto pass = run("export_queries.onnx", pattern_frame(64, 96), 0.01F);
  const auto rows = test::read_golden(data("export_queries.golden")).at("rows")[0];  // shares, logits
  ASSERT_EQ(pass.detections.size(), static_cast<std::size_t>(rows.size(0)));
  EXPECT_TRUE(std::ranges::is_sorted(pass.detections, std::greater(), &Detection::score));
  for (const auto& detection : pass.detections) {
    double nearest = 1e9;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
      const auto value = [&](int column) { return rows[i][column].item<double>(); };
      const double left = std::max(0.0, (value(0) - value(2) / 2) * 96),
                   top = std::max(0.0, (value(1) - value(3) / 2) * 64);
      const double right = std::min(96.0, (value(0) + value(2) / 2) * 96);
      const double score = 1 / (1 + std::exp(-std::max({value(4), value(5), value(6)})));
      nearest =
          std::min(nearest, std::max({std::abs(detection.box.left - left), std::abs(detection.box.top - top),
                                      std::abs(detection.box.right() - right), std::abs(detection.score - score)}));
    }
    EXPECT_LT(nearest, 1e-3);
  }
}

TEST(ForwardPass, DeployedQueryDetectorsReturnTheSameBoxes) {
  const auto plain = run("export_deployed.onnx", pattern_frame(64, 96), 0.01F);
  const auto rows = test::read_golden(data("export_deployed.golden")).at("rows")[0];  // corners, score, class
  ASSERT_EQ(plain.detections.size(), static_cast<std::size_t>(rows.size(0)));
  EXPECT_NEAR(plain.detections[0].score, rows.select(1, 4).max().item<double>(), 1e-5);
}

TEST(ForwardPass, FramesOfAnySizeFitNetworksOfOneSize) {
  for (const auto* name : {"export_v5.onnx", "export_yolox.onnx", "export_queries.onnx"}) {
    const auto pass = run(name, pattern_frame(100, 200), 0.001F);
    EXPECT_EQ(pass.letterbox.input, cv::Size(96, 64)) << name;
    EXPECT_FALSE(pass.detections.empty()) << name;
  }
  EXPECT_EQ(run("export_v5.onnx", pattern_frame(100, 200), 0.5F).letterbox.top, 8);
  EXPECT_EQ(run("export_yolox.onnx", pattern_frame(100, 200), 0.5F).letterbox.top, 0);
  EXPECT_EQ(run("export_queries.onnx", pattern_frame(100, 200), 0.5F).letterbox.scaled, cv::Size(96, 64));
}

TEST(ForwardPass, EveryExportGivesEmbeddings) {
  for (const auto* name : {"export_v8.onnx", "export_v8_openvino", "export_end2end.onnx", "export_v5.onnx",
                           "export_yolox.onnx", "export_queries.onnx", "export_deployed.onnx"}) {
    const auto config = config_with(0.001F);
    const auto detections = make_detector(load_model(data(name), config, {}), config)->detect(pattern_frame(64, 96));
    ASSERT_FALSE(detections.empty()) << name;
    for (const auto& detection : detections) {
      float sum = 0;
      for (const float value : detection.embedding) sum += value * value;
      EXPECT_NEAR(sum, 1, 1e-4) << name;
    }
  }
}

TEST(ForwardPass, FramesThatAreBegunAheadGiveWhatDetectGives) {
  auto config = config_with(0.001F);
  config.threads = 3;
  const auto model = load_model(data("export_v8.onnx"), config, {});
  const auto in_turn = make_detector(model, config), ahead = make_detector(model, config);
  ASSERT_EQ(ahead->frames_at_once(), 3);
  std::vector<Detector::Finish> begun;
  for (int i = 0; i < 5; ++i) begun.push_back(ahead->begin(pattern_frame(64 + 8 * i, 96)));
  for (int i = 0; i < 5; ++i) {
    const auto expected = in_turn->detect(pattern_frame(64 + 8 * i, 96)), detections = begun[i]();
    ASSERT_EQ(detections.size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_EQ(detections[k].score, expected[k].score);
      EXPECT_EQ(detections[k].embedding, expected[k].embedding);  // learned from the frames in order
    }
  }
}

TEST(ForwardPass, TheCellRecipeNeedsCells) {
  const auto config = config_with(0.001F);
  EmbedConfig cell;
  cell.method = EmbedMethod::cell;
  const auto onnx =
      make_detector(load_model(data("export_v8.onnx"), config, cell), config)->detect(pattern_frame(64, 96));
  const auto xml =
      make_detector(load_model(data("export_v8_openvino"), config, cell), config)->detect(pattern_frame(64, 96));
  ASSERT_EQ(onnx.size(), xml.size());
  ASSERT_FALSE(onnx.empty());
  EXPECT_EQ(onnx[0].embedding.size(), 8U);
  EXPECT_NEAR(onnx[0].embedding[0], xml[0].embedding[0], 1e-4);
  EXPECT_THAT(test::message_of([&] { load_model(data("export_queries.onnx"), config, cell); }),
              HasSubstr("its outputs do not tell which cell predicted a box; use roi"));
}

#else

TEST(ForwardPass, BuildsWithoutOpenvinoSaySo) {
  EXPECT_THAT(test::message_of([] {
                load_network(std::filesystem::path(ONEPASS_TEST_DATA) / "export_v8.onnx", model::no_taps, {});
              }),
              HasSubstr("because it has no OpenVINO"));
}

#endif

}  // namespace
}  // namespace onepass::detect
