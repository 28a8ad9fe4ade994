#include "track/match/recovery.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::track {
namespace {

/// A track of 10x20 pixels that is lost for 0.5 s, an observation of the same size 24 pixels to the right, and
/// embeddings whose distances are 0.1 for matches and 0.5 for rivals.
struct LostTrack {
  explicit LostTrack(const Embedding& seen = Embedding::Unit(4, 1), Box box = {24, 0, 10, 20}) {
    config.center_embeddings = false;
    appearance.emplace(config);
    appearance->expect({1000, 0.1, 0.0001, 0.5, 0.0001});
    auto& track = scene.tracks.emplace_back();
    track.box = {0, 0, 10, 20};
    track.confirmed = true;
    scene.now_s = 0.5;
    observe(std::vector<Detection>{{box, 0.9F, 0, seen}}, scene.observations);
    appearance->begin_frame(std::vector<Detection>{{box, 0.9F, 0, seen}}, scene.observations, scene.tracks);
    scene.tracks[0].embedding = Embedding::Unit(4, 0);
  }

  GatedCost judge() const { return Recovery(config).judge(scene, *appearance, 0, 0); }

  TrackerConfig config;
  std::optional<Appearance> appearance;
  Scene scene;
};

TEST(Recovery, TheCostIsTheDistanceInUnitsOfTheSeparation) {
  EXPECT_NEAR(*LostTrack(Embedding::Unit(4, 1)).judge().value, (0.5 - 0.1) / 0.4, 1e-6);
  EXPECT_NEAR(*LostTrack(Embedding::Unit(4, 0)).judge().value, (0.0 - 0.1) / 0.4, 1e-6);
}

TEST(Recovery, NamesTheGate) {
  EXPECT_STREQ(LostTrack(Embedding::Unit(4, 1), {0, 0, 10, 29}).judge().gate, "height") << "1.45 times as high";
  EXPECT_STREQ(LostTrack(Embedding::Unit(4, 1), {31, 0, 10, 20}).judge().gate, "") << "2 * (0.5 + 0.3) heights are 32";
  EXPECT_STREQ(LostTrack(Embedding::Unit(4, 1), {33, 0, 10, 20}).judge().gate, "reach");
  EXPECT_STREQ(LostTrack(Embedding()).judge().gate, "no embedding");
  LostTrack unreliable;
  unreliable.appearance.emplace(unreliable.config);
  EXPECT_STREQ(unreliable.judge().gate, "reliability");
}

TEST(Recovery, NeedsALeadOverEveryOtherLostTrack) {
  LostTrack given;
  given.scene.tracks[0].frames_since_update = 15;
  given.scene.tracks.push_back(given.scene.tracks[0]);
  EXPECT_STREQ(given.judge().gate, "margin") << "two tracks that look the same";
  given.scene.tracks[1].confirmed = false;
  EXPECT_TRUE(given.judge().value);
  given.scene.tracks[1].confirmed = true;
  given.scene.tracks[1].embedding = -Embedding::Unit(4, 1);
  EXPECT_TRUE(given.judge().value) << "the other one is at a distance of 1";
}

TEST(Recovery, AVisibleTrackIsARivalOnlyIfItIsClearlyMoreSimilar) {
  LostTrack given;
  given.scene.tracks.push_back(given.scene.tracks[0]);
  auto& rival = given.scene.tracks[1];
  const auto look_at_distance = [](double distance) {  // from the observation, which is the unit vector 1
    Embedding look = Embedding::Zero(4);
    look[1] = static_cast<float>(1 - 2 * distance);
    look[2] = std::sqrt(1 - look[1] * look[1]);
    return look;
  };
  // The lost track is at a distance of 0.5, so its cost is 1; a margin of 0.1 is a distance of 0.04.
  rival.embedding = look_at_distance(0.47);
  rival.frames_since_update = 1;
  EXPECT_STREQ(given.judge().gate, "margin") << "lost too";
  rival.frames_since_update = 0;
  EXPECT_TRUE(given.judge().value);
  rival.embedding = look_at_distance(0.45);
  EXPECT_STREQ(given.judge().gate, "margin");
}

}  // namespace
}  // namespace onepass::track
