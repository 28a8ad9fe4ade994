// Tests the demo model of the repository on generated pictures that it was not trained on.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "onepass/detector.hpp"
#include "scene/scene.hpp"

namespace onepass::test {
namespace {

const std::filesystem::path demo_model = std::filesystem::path(ONEPASS_SOURCE_DIR) / "data/demo/onepass-demo.pt";
constexpr std::uint64_t unseen_seed = 7'000'001;  // training uses smaller seeds: tools/train/train.py
constexpr double clearly_visible = 0.3;           // training ignores objects that are less visible
constexpr int least_height = 10;                  // pixels, likewise

const std::vector<std::string> class_list = {"person", "bicycle", "car", "truck"};

std::string class_of(scene::MotClass mot_class) {
  switch (mot_class) {
    case scene::MotClass::pedestrian:
    case scene::MotClass::rider:
      return "person";
    case scene::MotClass::bicycle:
      return "bicycle";
    case scene::MotClass::car:
      return "car";
    case scene::MotClass::truck:
      return "truck";
  }
  return "";
}

double overlap(const Box& a, const cv::Rect& rectangle) {
  const cv::Rect2d b = rectangle;
  const cv::Rect2d box(a.left, a.top, a.width, a.height);
  const double both = (box & b).area();
  return both / (box.area() + b.area() - both);
}

std::unique_ptr<Detector> demo_detector(DetectorConfig config) {
  config.precision = Precision::f32;  // the limits are of results that are the same on every processor
  return make_detector(load_model(demo_model, config, EmbedConfig{}), config);
}

Frame frame_of(const cv::Mat& image, std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.image = image;
  frame.size = image.size();
  return frame;
}

bool counts(const scene::TruthBox& truth) {
  return truth.visibility >= clearly_visible && truth.box.height >= least_height && truth.box.width >= 4;
}

/// A detection's score, and whether it found an object.
struct Verdict {
  float score;
  bool right;
};

/// All detections of one class in all pictures, and the number of true objects.
struct Judged {
  std::vector<Verdict> verdicts;
  int objects = 0;
};

/// In order of falling score, each detection is matched to the free object with the greatest IoU of at least 0.5;
/// detections on ignored objects count neither as true nor as false positives.
void judge(const std::vector<Detection>& detections, const std::vector<scene::TruthBox>& truth, Judged& judged) {
  std::vector<bool> taken(truth.size());
  for (const auto& detection : detections) {
    std::size_t best = truth.size();
    double most = 0.5;
    bool excused = false;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double shared = overlap(detection.box, truth[i].box);
      if (!counts(truth[i])) excused = excused || shared >= 0.5;
      if (!counts(truth[i]) || taken[i] || shared < most) continue;
      best = i;
      most = shared;
    }
    if (best < truth.size()) taken[best] = true;
    if (best < truth.size() || !excused) judged.verdicts.push_back({detection.score, best < truth.size()});
  }
  judged.objects += static_cast<int>(std::ranges::count_if(truth, counts));
}

/// By class.
std::map<std::string, Judged> judge_pictures(Detector& detector, int pictures) {
  std::map<std::string, Judged> judged;
  for (int i = 0; i < pictures; ++i) {
    scene::Renderer renderer(scene::make_scene(scene::training_settings(unseen_seed + i, {640, 384})));
    const auto picture = renderer.render(renderer.scene().settings.frames / 2);
    const auto all = detector.detect(frame_of(picture.image, i));
    for (const auto& name : class_list) {
      auto detections = all;
      std::erase_if(detections, [&](const auto& d) { return detector.class_names().at(d.class_id) != name; });
      std::ranges::stable_sort(detections, std::ranges::greater{}, &Detection::score);
      auto truth = picture.truth;
      std::erase_if(truth, [&](const auto& t) { return class_of(t.mot_class) != name; });
      judge(detections, truth, judged[name]);
    }
  }
  return judged;
}

/// Area under the curve of precision over recall; precision is the maximum at this or any higher recall.
double average_precision(Judged judged) {
  std::ranges::stable_sort(judged.verdicts, std::ranges::greater{}, &Verdict::score);
  std::vector<double> precision_at_hits;
  for (std::size_t i = 0, hits = 0; i < judged.verdicts.size(); ++i)
    if (judged.verdicts[i].right) precision_at_hits.push_back(static_cast<double>(++hits) / static_cast<double>(i + 1));
  double best = 0;
  double area = 0;
  for (auto p = precision_at_hits.rbegin(); p != precision_at_hits.rend(); ++p) area += best = std::max(best, *p);
  return area / judged.objects;
}

TEST(DemoModel, IsSmallAndNamesItsClasses) {
  EXPECT_LE(std::filesystem::file_size(demo_model), 3'000'000U);
  EXPECT_EQ(demo_detector(DetectorConfig{})->class_names(), class_list);
}

TEST(DemoModel, DetectsUnseenObjectsAndIsMostlyRightAtHighScores) {
  DetectorConfig config;
  config.conf = 0.05F;
  EmbedConfig boxes_only;
  boxes_only.method = EmbedMethod::none;
  const auto detector = make_detector(load_model(demo_model, config, boxes_only), config);
  auto judged = judge_pictures(*detector, 60);
  for (const auto& [name, least] : {std::pair{"person", 0.8}, {"bicycle", 0.6}, {"car", 0.7}, {"truck", 0.5}}) {
    EXPECT_GT(judged[name].objects, 10) << name;
    EXPECT_GT(average_precision(judged[name]), least) << name;
  }
  auto sure = judged["person"].verdicts;
  std::erase_if(sure, [](const Verdict& v) { return v.score < 0.5F; });
  const auto right = static_cast<double>(std::ranges::count_if(sure, &Verdict::right));
  EXPECT_GT(right, 0.6 * judged["person"].objects);
  EXPECT_GT(right, 0.85 * static_cast<double>(sure.size()));
}

/// Detection of a person in a frame.
struct Seen {
  int identity;
  int frame;
  Embedding embedding;
};

std::vector<Seen> follow_walkers(Detector& detector, const scene::SceneSettings& settings) {
  scene::Renderer renderer(scene::make_scene(settings));
  std::vector<Seen> seen;
  for (int frame = 0; frame < settings.frames; ++frame) {
    const auto picture = renderer.render(frame);
    for (const auto& detection : detector.detect(frame_of(picture.image, frame)))
      for (const auto& truth : picture.truth)
        if (truth.mot_class == scene::MotClass::pedestrian && counts(truth) && overlap(detection.box, truth.box) > 0.6)
          seen.push_back({truth.identity, frame, detection.embedding});
  }
  return seen;
}

TEST(DemoModel, RecognizesPeopleSecondsLater) {
  DetectorConfig config;
  config.conf = 0.4F;
  const scene::SceneSettings settings{
      .seed = unseen_seed, .frame_rate = 1, .frames = 20, .objects = 14, .vehicle_share = 0, .resident_share = 1};
  const auto seen = follow_walkers(*demo_detector(config), settings);
  constexpr int gap = 5;  // frames, here seconds
  int asked = 0;
  int known = 0;
  double by_chance = 0;
  for (const auto& query : seen) {
    std::vector<const Seen*> later;
    for (const auto& other : seen)
      if (other.frame == query.frame + gap) later.push_back(&other);
    const auto mates = std::ranges::count(later, query.identity, [](const Seen* s) { return s->identity; });
    if (mates == 0 || query.frame < gap) continue;  // the first frames only fill the statistics
    const auto best = std::ranges::max(later, {}, [&](const Seen* s) { return query.embedding.dot(s->embedding); });
    ++asked;
    known += best->identity == query.identity;
    by_chance += static_cast<double>(mates) / static_cast<double>(later.size());
  }
  ASSERT_GT(asked, 50);
  EXPECT_LT(by_chance, 0.3 * asked);  // so that the next line is significant
  EXPECT_GT(known, 0.7 * asked);
}

}  // namespace
}  // namespace onepass::test
