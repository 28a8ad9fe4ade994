#include "track/camera_compensation.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::track {
namespace {

/// A scene with one track whose filter is at `box`.
Scene scene_at(const MotionModel& motion, const Rectangle& box) {
  Scene scene;
  auto& track = scene.tracks.emplace_back();
  track.filter = track.agile = track.at_observation = motion.initiate(box);
  track.box = track.observed = box;
  return scene;
}

TEST(CameraCompensation, ScalesTracksWithTheResolution) {
  TrackerConfig config;
  config.camera_motion = CameraMotion::none;
  const MotionModel motion(config);
  CameraCompensation camera(config, motion);
  auto scene = scene_at(motion, {100, 40, 140, 120});
  scene.size = {1000, 500};
  camera.apply(scene, {}, 1);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.left, 100);
  scene.size = {500, 250};
  camera.apply(scene, {}, 1);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.left, 50);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.bottom, 60);
  EXPECT_DOUBLE_EQ(scene.tracks[0].observed.right, 70);
}

TEST(CameraCompensation, AppliesTheWarpsOfTheFileBetweenTwoFrames) {
  const test::TemporaryFolder folder;
  TrackerConfig config;
  config.camera_motion = CameraMotion::file;
  config.camera_motion_file = folder.write("gmc.txt", "1 1 0 9 0 1 9\n2 1 0 3 0 1 0\n3 1 0 4 0 1 -2\n").string();
  const MotionModel motion(config);
  CameraCompensation camera(config, motion);
  auto scene = scene_at(motion, {0, 0, 10, 20});
  Frame frame;
  camera.apply(scene, frame, 1);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.left, 0) << "the first frame has no previous one";
  frame.index = 2;
  camera.apply(scene, frame, 2);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.left, 7);
  EXPECT_DOUBLE_EQ(scene.tracks[0].box.top, -2);
  EXPECT_DOUBLE_EQ(motion.box(scene.tracks[0].agile).left, 7);
}

}  // namespace
}  // namespace onepass::track
