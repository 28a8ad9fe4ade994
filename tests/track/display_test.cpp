#include "track/display.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

const std::vector<Detection> detections(5);

TrackRecord seen_track(std::int64_t id, const Rectangle& box) {
  TrackRecord track;
  track.id = id;
  track.confirmed = true;
  track.box = track.observed = box;
  track.hits = 20;
  track.detection = 4;
  return track;
}

TEST(Display, ShowsDetectedTracksById) {
  Scene scene;
  scene.tracks = {seen_track(2, {0, 0, 10, 20}), seen_track(0, {0, 0, 10, 20}), seen_track(1, {50, 0, 60, 20})};
  const auto tracks = tracks_to_show({}, scene, detections);
  ASSERT_EQ(tracks.size(), 2U);
  EXPECT_EQ(tracks[0].id, 1);
  EXPECT_EQ(tracks[0].box, (Box{50, 0, 10, 20}));
  EXPECT_EQ(tracks[0].detection, 4);
  EXPECT_EQ(tracks[1].id, 2);
}

TEST(Display, LostTracksCoastLongerBehindOthers) {
  Scene scene;
  scene.tracks = {seen_track(1, {0, 0, 10, 20}), seen_track(2, {5, 0, 20, 30})};
  scene.frame_s = 0.1;
  auto& lost = scene.tracks[0];
  lost.frames_since_update = 1;
  lost.detection = -1;
  const auto shown_after = [&](double lost_s) {
    scene.now_s = lost_s;
    return tracks_to_show({}, scene, detections).front().id == 1;
  };
  EXPECT_TRUE(shown_after(0.3)) << "half of it is covered";
  EXPECT_FALSE(shown_after(0.4));
  scene.traits.agility = 1;
  EXPECT_FALSE(shown_after(0.3)) << "agile objects leave their prediction";
  EXPECT_TRUE(shown_after(0.1));
  scene.traits.agility = 0;
  scene.tracks[1].box.left = 8;  // now a fifth is
  EXPECT_FALSE(shown_after(0.3));
  EXPECT_TRUE(shown_after(0.1));
  EXPECT_EQ(tracks_to_show({}, scene, detections).front().detection, -1);
  lost.hits = 19;
  EXPECT_FALSE(shown_after(0.1)) << "seen too rarely";
}

TEST(Display, OneOfManyShownBoxesMayCoverALostTrack) {
  Scene scene;
  scene.frame_s = 0.1;
  scene.now_s = 0.3;
  scene.tracks = {seen_track(1, {100, 0, 110, 20})};
  scene.tracks[0].frames_since_update = 1;
  for (int i = 0; i < 9; ++i) scene.tracks.push_back(seen_track(2 + i, {20.0 * i, 0, 20.0 * i + 5, 30}));
  const auto shown = [&] { return tracks_to_show({}, scene, detections).front().id == 1; };
  EXPECT_TRUE(shown()) << "half of it is covered by the sixth";
  scene.tracks[6].box = {0, 0, 5, 30};
  EXPECT_FALSE(shown());
  scene.tracks[9].box = {0, 0, 500, 30};
  EXPECT_TRUE(shown()) << "a wide box that begins far to the left";
  scene.tracks[9].box.bottom = 19;
  EXPECT_FALSE(shown()) << "it is behind";
  TrackerConfig any;
  any.coast_covered = 0;
  EXPECT_EQ(tracks_to_show(any, scene, detections).front().id, 1) << "any shown track with a lower bottom edge will do";
}

TEST(Display, TracksShowTheShapesOfTheirDetections) {
  Scene scene;
  scene.tracks = {seen_track(1, {0, 0, 10, 20}), seen_track(2, {50, 0, 70, 20})};
  scene.tracks[1].rotation = start_rotation({61, 10, 20, 10, 0.2F}, {50, 0, 70, 20});
  scene.tracks[1].box = {52, 0, 72, 20};
  std::vector<Detection> given(5);
  given[4].shape.mask = {4, 4, {3, 13}};
  given[4].shape.keypoints = {{1, 2, 0.5F}};
  given[4].shape.rotated = RotatedBox{60, 10, 20, 10, 0.3F};
  const auto tracks = tracks_to_show({}, scene, given);
  EXPECT_EQ(tracks[0].shape, given[4].shape);
  EXPECT_EQ(tracks[1].shape.mask, given[4].shape.mask);
  EXPECT_EQ(tracks[1].shape.keypoints, given[4].shape.keypoints);
  EXPECT_NEAR(tracks[1].shape.rotated->angle, 0.2, 1e-6) << "as filtered";
  EXPECT_NEAR(tracks[1].shape.rotated->center_x, 63, 1e-4) << "at the track's box, as far from its center as before";
  TrackerConfig as_detected;
  as_detected.show_detected = true;
  EXPECT_EQ(tracks_to_show(as_detected, scene, given)[1].shape, given[4].shape);
  scene.tracks[1].detection = -1;
  const auto lost = tracks_to_show({}, scene, given)[1].shape;
  EXPECT_TRUE(lost.mask.empty());
  EXPECT_TRUE(lost.rotated);
}

}  // namespace
}  // namespace onepass::track
