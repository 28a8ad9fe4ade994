// Two cameras see a generated scene in different light and picture sizes, and share one memory. Tests that people who
// walk from one camera to the other keep their id, and that no id is on both cameras in the same frame.
#include <array>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "onepass/detector.hpp"
#include "onepass/memory.hpp"
#include "onepass/tracker.hpp"
#include "scene/scene.hpp"

namespace onepass::test {
namespace {

constexpr int frames = 200;

/// By true identity: how often each id was on that person.
using Votes = std::map<int, std::map<std::int64_t, int>>;

struct Camera {
  Camera(int number, cv::Size size, scene::Lighting lighting, const std::shared_ptr<const Model>& model,
         const DetectorConfig& config, const std::shared_ptr<Memory>& memory)
      : renderer(scene::make_scene(settings_of(number, size, lighting))),
        detector(make_detector(model, config)),
        tracker(TrackerConfig(), rate, memory) {}

  static scene::SceneSettings settings_of(int number, cv::Size size, scene::Lighting lighting) {
    scene::SceneSettings settings;
    settings.size = size;
    settings.lighting = lighting;
    settings.frame_rate = rate;
    settings.frames = frames;
    settings.objects = 10;
    settings.vehicle_share = settings.group_share = 0;
    settings.resident_share = 0.2;
    settings.returning_share = 0.8;
    settings.absence_s = 3;
    settings.cameras = 2;
    settings.camera_number = number;
    return settings;
  }

  /// Returns the ids that are shown.
  std::set<std::int64_t> step(int index) {
    const auto picture = renderer.render(index);
    Frame frame;
    frame.index = index;
    frame.time = Timestamp(index / rate);
    frame.image = picture.image;
    frame.size = picture.image.size();
    std::set<std::int64_t> shown;
    for (const auto& track : tracker.update(detector->detect(frame), frame)) {
      shown.insert(track.id);
      const cv::Rect2d box(track.box.left, track.box.top, track.box.width, track.box.height);
      for (const auto& truth : picture.truth) {
        const double both = (box & cv::Rect2d(truth.box)).area();
        const double either = box.area() + truth.box.area() - both;
        if (truth.visibility >= 0.5 && both >= 0.6 * either) ++votes[truth.identity][track.id];
      }
    }
    return shown;
  }

  static constexpr double rate = 10;
  scene::Renderer renderer;
  std::unique_ptr<Detector> detector;
  Tracker tracker;
  Votes votes;
};

std::int64_t most_frequent(const std::map<std::int64_t, int>& counts) {
  return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

TEST(TwoCameras, PeopleWhoWalkFromOneToTheOtherKeepTheirId) {
  DetectorConfig config;
  config.imgsz = 416;
  config.classes = {"person"};
  const auto path = std::filesystem::path(ONEPASS_SOURCE_DIR) / "data/demo/onepass-demo.pt";
  EmbedConfig embed;
  embed.calibrate = EmbedCalibration::none;  // as the program sets it for cameras that share a memory
  const auto model = load_model(path, config, embed);
  MemoryConfig memory_config;
  memory_config.enabled = true;
  const auto memory = std::make_shared<Memory>(memory_config);
  std::array cameras{Camera(0, {416, 256}, scene::Lighting::day, model, config, memory),
                     Camera(1, {352, 224}, scene::Lighting::dusk, model, config, memory)};
  for (int index = 0; index < frames; ++index) {
    auto shown = cameras[0].step(index);
    for (const auto id : cameras[1].step(index)) EXPECT_TRUE(shown.insert(id).second) << id << " at frame " << index;
  }
  int on_both = 0, kept = 0;
  for (const auto& [person, ids] : cameras[0].votes) {
    const auto other = cameras[1].votes.find(person);
    if (other == cameras[1].votes.end()) continue;
    ++on_both;
    if (most_frequent(ids) == most_frequent(other->second)) ++kept;
  }
  EXPECT_GE(on_both, 6);
  EXPECT_GE(2 * kept, on_both) << kept << " of " << on_both << "; 7 of 9 when written, 4 if each camera whitens";
}

}  // namespace
}  // namespace onepass::test
