// Compares masks, keypoints and rotated boxes with those that the framework of the models finds in the same pictures
// (tools/models/reference_shapes.py).
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "detect/forward_pass.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::detect {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double score_tolerance = 2e-3;
constexpr double box_iou = 0.95;
constexpr double least_matched = 0.95;    ///< share of the objects; NMS may choose others where scores are almost equal
constexpr double least_mask_iou = 0.95;   ///< on average
constexpr double keypoint_tolerance = 1;  ///< pixels

fs::path folder() {
  const char* named = std::getenv("ONEPASS_REFERENCE_SHAPES");
  return named ? named : "";
}

/// The records in the folder: NAME.pt.json is about NAME.pt.
std::vector<std::string> recorded_models() {
  std::vector<std::string> names;
  if (!folder().empty())
    for (const auto& entry : fs::directory_iterator(folder()))
      if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

Box box_of(const Json& object) {
  const auto corners = object["box"].get<std::vector<float>>();
  return {corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]};
}

/// The detection of the same class and score that overlaps the object most, if it is the same object.
const Detection* find(const std::vector<Detection>& detections, const Json& object) {
  const auto overlap = [&](const Detection& detection) -> double {
    if (detection.class_id != object["class"] ||
        std::abs(detection.score - object["score"].get<double>()) > score_tolerance)
      return 0;
    if (!object.contains("xywhr")) return intersection_over_union(detection.box, box_of(object));
    const auto turned = object["xywhr"].get<std::vector<float>>();
    return intersection_over_union(detection.shape.rotated.value(),
                                   RotatedBox{turned[0], turned[1], turned[2], turned[3], turned[4]});
  };
  const auto best = std::ranges::max_element(detections, {}, overlap);
  return best != detections.end() && overlap(*best) > box_iou ? &*best : nullptr;
}

/// Sums over all objects that both found.
struct Comparison {
  int objects = 0, matched = 0, masks = 0;
  double mask_iou = 0;
  double keypoint_distance = 0;  ///< largest
  double score_distance = 0;     ///< largest, of keypoints
};

void compare(const Detection& detection, const Json& object, Comparison& sums) {
  if (object.contains("mask")) {
    const auto& mask = object["mask"];
    const auto expected = from_coco_text(mask["counts"].get<std::string>(), mask["size"][1], mask["size"][0]);
    ++sums.masks;
    const bool both_empty = area(expected) == 0 && area(detection.shape.mask) == 0;
    sums.mask_iou += both_empty ? 1 : intersection_over_union(expected, detection.shape.mask);
  }
  if (object.contains("keypoints")) {
    const auto expected = object["keypoints"].get<std::vector<std::vector<double>>>();
    ASSERT_EQ(detection.shape.keypoints.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto& point = detection.shape.keypoints[i];
      sums.keypoint_distance =
          std::max(sums.keypoint_distance, std::hypot(point.x - expected[i][0], point.y - expected[i][1]));
      if (expected[i].size() > 2)
        sums.score_distance = std::max(sums.score_distance, std::abs(point.score - expected[i][2]));
    }
  }
}

struct ReferenceShapes : testing::TestWithParam<std::string> {};

TEST_P(ReferenceShapes, AreThoseOfTheFramework) {
  const auto record = Json::parse(std::ifstream(folder() / (GetParam() + ".json")));
  DetectorConfig config;
  config.imgsz = record["imgsz"];
  config.conf = record["conf"];
  config.iou = record["iou"];
  config.max_det = record["max_det"];
  config.precision = Precision::f32;
  const ForwardPass pass(load_network(folder() / GetParam(), model::no_taps, config), config);
  Comparison sums;
  for (const auto& [picture, objects] : record["pictures"].items()) {
    Frame frame;
    frame.image = cv::imread((folder() / picture).string());
    ASSERT_FALSE(frame.image.empty()) << picture;
    const auto detections = pass.run(frame).detections;
    for (const auto& object : objects) {
      ++sums.objects;
      const auto* detection = find(detections, object);
      if (!detection) continue;
      ++sums.matched;
      compare(*detection, object, sums);
    }
  }
  const double iou = sums.masks > 0 ? sums.mask_iou / sums.masks : 1;
  std::printf("%s: %d objects, %d matched, mean IoU of masks %.4f, keypoints off by %.3f pixels and %.5f\n",
              GetParam().c_str(), sums.objects, sums.matched, iou, sums.keypoint_distance, sums.score_distance);
  ASSERT_GT(sums.objects, 0);
  EXPECT_GE(sums.matched, least_matched * sums.objects);
  EXPECT_GE(iou, least_mask_iou);
  EXPECT_LE(sums.keypoint_distance, keypoint_tolerance);
  EXPECT_LE(sums.score_distance, score_tolerance);
}

std::string test_name(const testing::TestParamInfo<std::string>& model) {
  auto name = model.param;
  std::ranges::replace_if(
      name, [](unsigned char letter) { return !std::isalnum(letter); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Models, ReferenceShapes, testing::ValuesIn(recorded_models()), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReferenceShapes);

TEST(ReferenceShapesFolder, IsThere) {
  if (folder().empty())
    GTEST_SKIP() << "no reference shapes: set ONEPASS_REFERENCE_SHAPES to a folder of tools/models/reference_shapes.py";
  EXPECT_FALSE(recorded_models().empty()) << folder() << " holds none";
}

}  // namespace
}  // namespace onepass::detect
