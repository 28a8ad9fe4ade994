#include "track/lifecycle.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

struct Life {
  TrackerConfig config{};
  MotionModel motion{config};
  Lifecycle lifecycle{config, motion};
  Appearance appearance{config};
  Scene scene{};

  void see(const Box& box, float score) {
    const std::vector<Detection> detections = {{{0, 0, 0, 0}, 0.9F, 0, {}}, {box, score, 3, {}}};
    observe(detections, scene.observations);
    scene.index.build(scene.observations);
    appearance.begin_frame(detections, scene.observations, scene.tracks);
  }
};

TEST(Lifecycle, ATrackStartsAtItsObservation) {
  Life life;
  life.scene.now_s = 2;
  life.see({10, 20, 30, 40}, 0.75F);
  const auto track = life.lifecycle.initiate(life.scene, life.appearance, 0);
  EXPECT_EQ(track.detection, 1) << "the first detection is unusable";
  EXPECT_EQ(track.box.right, 40);
  EXPECT_EQ(track.hits, 1);
  EXPECT_EQ(track.score_sum, 0.75);
  EXPECT_EQ(track.last_seen_s, 2);
  EXPECT_EQ(track.belief.class_id(), 3);
  EXPECT_FALSE(track.confirmed);
}

TEST(Lifecycle, AnUpdateCountsAndKeepsTheScores) {
  Life life;
  life.see({10, 20, 30, 40}, 0.75F);
  auto track = life.lifecycle.initiate(life.scene, life.appearance, 0);
  track.frames_since_update = 1;
  life.scene.now_s = 0.5;
  life.see({12, 20, 30, 40}, 0.5F);
  life.lifecycle.update(track, life.scene, life.appearance, 0);
  EXPECT_EQ(track.hits, 2);
  EXPECT_EQ(track.frames_since_update, 0);
  EXPECT_EQ(track.previous_score, 0.75);
  EXPECT_EQ(track.score, 0.5);
  EXPECT_EQ(track.score_sum, 1.25);
  EXPECT_EQ(track.last_seen_s, 0.5);
  EXPECT_EQ(track.observed.left, 12);
  EXPECT_GT(track.box.left, 10);
  EXPECT_LT(track.box.left, 12);
}

TEST(Lifecycle, AfterAGapATrackIsShownAfterSeveralDetections) {
  TrackerConfig config;
  config.return_hits = 2;
  Life life{config};
  life.see({10, 20, 30, 40}, 0.75F);
  auto track = life.lifecycle.initiate(life.scene, life.appearance, 0);
  track.id = 1;
  const auto update_after = [&](int frames) {
    track.frames_since_update = frames;
    life.lifecycle.update(track, life.scene, life.appearance, 0);
    return track.shown();
  };
  EXPECT_TRUE(update_after(1)) << "no gap";
  EXPECT_FALSE(update_after(3));
  EXPECT_EQ(track.streak, 1);
  EXPECT_FALSE(update_after(2)) << "another gap";
  EXPECT_TRUE(update_after(1)) << "the second consecutive detection";
}

TEST(Lifecycle, TentativeTracksMayMissFrames) {
  TrackerConfig config;
  config.tentative_misses = 2;
  const Life life{config};
  TrackRecord track;
  track.frames_since_update = 2;
  EXPECT_FALSE(life.lifecycle.is_over(track, life.scene));
  track.frames_since_update = 3;
  EXPECT_TRUE(life.lifecycle.is_over(track, life.scene));
}

TEST(Lifecycle, CoveredTracksLiveLonger) {
  TrackerConfig config;
  config.max_age_s = 0;
  config.min_misses = 2;
  config.covered_misses = 3;
  Life life{config};
  life.scene.now_s = 9;
  TrackRecord track;
  track.confirmed = true;
  track.frames_since_update = 3;
  EXPECT_TRUE(life.lifecycle.is_over(track, life.scene));
  track.covered = true;
  EXPECT_FALSE(life.lifecycle.is_over(track, life.scene));
  track.frames_since_update = 6;
  EXPECT_TRUE(life.lifecycle.is_over(track, life.scene));
}

/// A confirmed track with an embedding, lost for two seconds inside an image of 640x480 pixels, whose stream has
/// reliable embeddings.
struct Lost : Life {
  explicit Lost(const TrackerConfig& given = {}) : Life{given} {
    scene.size = {640, 480};
    scene.now_s = 2;
    track.confirmed = true;
    track.box = {300, 100, 360, 250};
    track.embedding = Embedding::Unit(4, 0);
    track.frames_since_update = 60;
    appearance.expect({1000, 0.1, 0.001, 0.5, 0.001});
  }
  bool lives_on() const {
    return lifecycle.is_over(track, scene) && lifecycle.may_be_recovered(track, scene, appearance);
  }
  TrackRecord track;
};

TEST(Lifecycle, ALostTrackLivesOnForAppearanceAlone) {
  EXPECT_TRUE(Lost().lives_on());
  Lost old;
  old.scene.now_s = 3;
  EXPECT_TRUE(old.lives_on());
  old.scene.now_s = 3.1;
  EXPECT_FALSE(old.lives_on());
}

TEST(Lifecycle, OnlyReliableAppearanceKeepsALostTrack) {
  Lost unseen;
  unseen.track.embedding.resize(0);
  EXPECT_FALSE(unseen.lives_on()) << "no embedding";
  Lost unlearned;
  unlearned.appearance = Appearance(unlearned.config);
  EXPECT_FALSE(unlearned.lives_on()) << "nothing has been learned yet";
  TrackerConfig without_recovery;
  std::erase_if(without_recovery.stages, [](const auto& stage) { return stage.appearance == AppearanceMode::recover; });
  EXPECT_FALSE(Lost(without_recovery).lives_on()) << "no stage could recover it";
}

TEST(Lifecycle, ALostTrackThatLeavesTheImageEnds) {
  Lost leaving;
  leaving.track.box = {610, 100, 670, 250};
  EXPECT_TRUE(leaving.lives_on()) << "half of it is inside";
  leaving.track.box = {611, 100, 671, 250};
  EXPECT_FALSE(leaving.lives_on());
}

TEST(Lifecycle, ConfirmationNeedsHitsAndScores) {
  const Life life;
  TrackRecord track;
  track.score_sum = 2;
  EXPECT_FALSE(life.lifecycle.is_established(track)) << "one hit";
  track.hits = 2;
  EXPECT_TRUE(life.lifecycle.is_established(track));
  track.score_sum = 1.7;
  EXPECT_FALSE(life.lifecycle.is_established(track)) << "less than 1.8";
}

TEST(Lifecycle, TentativeTracksEndAtTheirFirstMissAndConfirmedOnesAfterASecond) {
  Life life;
  TrackRecord track;
  EXPECT_FALSE(life.lifecycle.is_over(track, life.scene));
  track.frames_since_update = 1;
  EXPECT_TRUE(life.lifecycle.is_over(track, life.scene));
  track.confirmed = true;
  life.scene.now_s = 1;
  life.scene.frame_s = 0.1;
  EXPECT_FALSE(life.lifecycle.is_over(track, life.scene));
  life.scene.now_s = 1.1;
  EXPECT_TRUE(life.lifecycle.is_over(track, life.scene));
  life.config.min_misses = 1;
  EXPECT_FALSE(life.lifecycle.is_over(track, life.scene)) << "one miss is not more than one";
}

TEST(Lifecycle, AStreamBreaksOffAtAnUnusualGap) {
  const Life life;
  EXPECT_FALSE(life.lifecycle.breaks_off(5, {})) << "there is no previous gap";
  EXPECT_TRUE(life.lifecycle.breaks_off(5, 0.04));
  EXPECT_FALSE(life.lifecycle.breaks_off(5, 2)) << "not three times the previous gap";
  EXPECT_FALSE(life.lifecycle.breaks_off(0.9, 0.04)) << "lost tracks live longer";
}

TEST(Lifecycle, TheDuplicateIsTheTrackWithTheShorterHistory) {
  Scene scene;
  scene.tracks.resize(2);
  auto& shown = scene.tracks[0];
  auto& lost = scene.tracks[1];
  shown.id = 1;
  lost.id = 2;
  shown.confirmed = lost.confirmed = true;
  shown.box = {0, 0, 10, 10};
  lost.box = {5, 0, 15, 10};
  lost.frames_since_update = 2;
  shown.age_frames = 8;
  lost.age_frames = 11;  // seen over 9 frames
  EXPECT_EQ(find_duplicates(scene, 0.3), std::vector<int>{0}) << "the IoU is 1/3";
  EXPECT_TRUE(find_duplicates(scene, 0.34).empty());
  shown.age_frames = 10;
  EXPECT_EQ(find_duplicates(scene, 0.3), std::vector<int>{1});
}

}  // namespace
}  // namespace onepass::track
