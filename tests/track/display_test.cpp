#include "track/display.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

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
  const auto tracks = tracks_to_show({}, scene);
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
    return tracks_to_show({}, scene).front().id == 1;
  };
  EXPECT_TRUE(shown_after(0.3)) << "half of it is covered";
  EXPECT_FALSE(shown_after(0.4));
  scene.tracks[1].box.left = 8;  // now a fifth is
  EXPECT_FALSE(shown_after(0.3));
  EXPECT_TRUE(shown_after(0.1));
  EXPECT_EQ(tracks_to_show({}, scene).front().detection, -1);
  lost.hits = 19;
  EXPECT_FALSE(shown_after(0.1)) << "seen too rarely";
}

}  // namespace
}  // namespace onepass::track
