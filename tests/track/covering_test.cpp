#include "track/covering.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

TrackRecord track_at(const MotionModel& motion, const Rectangle& box, int frames_since_update) {
  TrackRecord track;
  track.confirmed = true;
  track.frames_since_update = frames_since_update;
  track.box = box;
  track.filter = motion.initiate(box);
  for (auto& axis : track.filter) axis.velocity = 4;
  return track;
}

TEST(MarkCovered, SlowsAndGrowsATrackBehindADetectedOneOnce) {
  TrackerConfig config;
  config.covered_share = 0.7F;
  config.covered_damping = 0.5F;
  config.covered_growth = 1.1F;
  const MotionModel motion{config};
  Scene scene;
  scene.tracks = {track_at(motion, {0, 0, 10, 20}, 1),   // eight tenths hidden
                  track_at(motion, {0, 0, 10, 100}, 0),  // the detected one
                  track_at(motion, {5, 0, 15, 20}, 1),   // half of it hidden
                  track_at(motion, {0, 0, 10, 20}, 0)};  // detected itself
  scene.tracks[1].box = {0, 4, 10, 100};
  scene.tracks[3].confirmed = false;
  for (int frame = 0; frame < 2; ++frame) mark_covered(config, motion, scene);
  EXPECT_TRUE(scene.tracks[0].covered);
  EXPECT_EQ(scene.tracks[0].filter[0].velocity, 2);
  EXPECT_NEAR(scene.tracks[0].box.height(), 22, 1e-5);
  EXPECT_NEAR(scene.tracks[0].box.width(), 10, 1e-9) << "box: xywh";
  for (const int other : {1, 2, 3}) EXPECT_FALSE(scene.tracks[other].covered) << other;
}

TEST(MarkCovered, GrowsTheHeightInEveryBoxModelAndTheWidthInThoseWithARatio) {
  for (const auto model : {BoxModel::xywh, BoxModel::xyah, BoxModel::xysr}) {
    TrackerConfig config;
    config.box = model;
    config.covered_share = 0.7F;
    config.covered_growth = 2;
    const MotionModel motion{config};
    Scene scene;
    scene.tracks = {track_at(motion, {0, 0, 10, 20}, 1), track_at(motion, {0, 0, 10, 20}, 0)};
    mark_covered(config, motion, scene);
    EXPECT_NEAR(scene.tracks[0].box.height(), 40, 1e-9);
    EXPECT_NEAR(scene.tracks[0].box.width(), model == BoxModel::xywh ? 10 : 20, 1e-9);
  }
}

TEST(MarkCovered, DoesNothingByDefault) {
  const TrackerConfig config;
  const MotionModel motion{config};
  Scene scene;
  scene.tracks = {track_at(motion, {0, 0, 10, 20}, 1), track_at(motion, {0, 0, 10, 20}, 0)};
  mark_covered(config, motion, scene);
  EXPECT_FALSE(scene.tracks[0].covered);
}

}  // namespace
}  // namespace onepass::track
