// Compares stock checkpoints on real images with the scores of an independent forward pass.
#include "onepass/detector.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "support/data.hpp"

namespace onepass::test {
namespace {

/// Scores by class name, best first.
using Scores = std::map<std::string, std::vector<float>>;

Frame load_frame(const std::filesystem::path& path) {
  Frame frame;
  frame.image = cv::imread(path.string());
  frame.size = frame.image.size();
  return frame;
}

DetectorConfig published_settings() {
  DetectorConfig config;
  config.conf = 0.25F;
  config.iou = 0.45F;
  return config;
}

Scores scores_of(const std::filesystem::path& model, const Frame& frame) {
  const auto config = published_settings();
  const auto detector = make_detector(load_model(model, config, EmbedConfig{}), config);
  Scores scores;
  for (const auto& detection : detector->detect(frame)) {
    scores[detector->class_names().at(detection.class_id)].push_back(detection.score);
  }
  return scores;
}

void expect_scores(const Scores& found, const Scores& golden) {
  ASSERT_EQ(found.size(), golden.size());
  for (const auto& [name, scores] : golden) {
    ASSERT_TRUE(found.contains(name)) << name;
    ASSERT_EQ(found.at(name).size(), scores.size()) << name;
    for (std::size_t i = 0; i < scores.size(); ++i) EXPECT_NEAR(found.at(name)[i], scores[i], 0.01) << name << " " << i;
  }
}

TEST(Detector, Yolov8nFindsTheBusAndItsPeople) {
  ONEPASS_REAL_DATA(data);
  expect_scores(scores_of(data / "models/yolov8n.pt", load_frame(data / "images/bus.jpg")),
                {{"bus", {0.87F}}, {"person", {0.87F, 0.85F, 0.82F, 0.30F}}, {"stop sign", {0.35F}}});
}

TEST(Detector, Yolov5nFindsTheBusAndItsPeople) {
  ONEPASS_REAL_DATA(data);
  expect_scores(scores_of(data / "models/yolov5n.pt", load_frame(data / "images/bus.jpg")),
                {{"person", {0.88F, 0.81F, 0.79F, 0.52F}}, {"bus", {0.49F}}});
}

TEST(Detector, KeepsOnlyTheClassesAskedForByNameOrNumber) {
  ONEPASS_REAL_DATA(data);
  auto config = published_settings();
  const auto model = load_model(data / "models/yolov8n.pt", config, EmbedConfig{});
  const auto frame = load_frame(data / "images/bus.jpg");
  config.classes = {"bus", "11"};
  const auto detections = make_detector(model, config)->detect(frame);
  ASSERT_EQ(detections.size(), 2U);
  EXPECT_EQ(detections[0].class_id, 5);
  EXPECT_EQ(detections[1].class_id, 11);
  config.classes = {"buss"};
  EXPECT_THROW(make_detector(model, config), std::runtime_error);
  config.classes = {"80"};
  EXPECT_THROW(make_detector(model, config), std::runtime_error);
}

TEST(Detector, GivesEveryDetectionAnEmbeddingByEveryMethod) {
  ONEPASS_REAL_DATA(data);
  const auto config = published_settings();
  const auto frame = load_frame(data / "images/bus.jpg");
  const std::map<EmbedMethod, int> lengths = {
      {EmbedMethod::roi, 32 * 8 + 64 * 8}, {EmbedMethod::cell, 64}, {EmbedMethod::none, 0}};
  for (const auto& [method, length] : lengths) {
    EmbedConfig embed;
    embed.method = method;
    const auto detections = make_detector(load_model(data / "models/yolov8n.pt", config, embed), config)->detect(frame);
    ASSERT_EQ(detections.size(), 6U);
    for (const auto& detection : detections) {
      EXPECT_EQ(detection.embedding.size(), length);
      EXPECT_NEAR(detection.embedding.norm(), length > 0 ? 1 : 0, 1e-5);
    }
  }
}

TEST(Detector, BoxesLieInsideTheFrame) {
  ONEPASS_REAL_DATA(data);
  DetectorConfig config;
  config.conf = 0.01F;
  const auto frame = load_frame(data / "images/zidane.jpg");
  const auto detections =
      make_detector(load_model(data / "models/yolov8n.pt", config, EmbedConfig{}), config)->detect(frame);
  EXPECT_GT(detections.size(), 5U);
  for (const auto& detection : detections) {
    EXPECT_GE(detection.box.left, 0);
    EXPECT_GE(detection.box.top, 0);
    EXPECT_LE(detection.box.right(), 1280.01F);
    EXPECT_LE(detection.box.bottom(), 720.01F);
  }
}

}  // namespace
}  // namespace onepass::test
