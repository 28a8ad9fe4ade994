#include "track/match/score_boost.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::track {
namespace {

/// A track at (0, 0) of 100x100 pixels, seen in the previous frame, and a detection that overlaps it with an IoU of 0.6
/// (75 pixels to the right would be 1/7; 25 are 0.6).
struct Street {
  Street() {
    auto& track = scene.tracks.emplace_back();
    track.box = {0, 0, 100, 100};
    track.filter = motion.initiate(track.box);
    track.frames_since_update = 1;
    see({{{25, 0, 100, 100}, 0.3F, 0, {}}});
  }

  void see(const std::vector<Detection>& detections) {
    observe(detections, scene.observations);
    scene.index.build(scene.observations);
  }

  double boosted(int number = 0) {
    ScoreBoost(config, motion).apply(scene);
    return scene.observations[number].score;
  }

  TrackerConfig config;
  MotionModel motion{config};
  Scene scene;
};

TEST(ScoreBoost, DoesNothingByDefault) {
  Street street;
  EXPECT_FLOAT_EQ(static_cast<float>(street.boosted()), 0.3F);
}

TEST(ScoreBoost, RaisesAScoreToAShareOfTheOverlap) {
  Street street;
  street.config.boost_factor = 0.65F;
  EXPECT_NEAR(street.boosted(), 0.65 * 0.6, 1e-6);
  street.see({{{25, 0, 100, 100}, 0.9F, 0, {}}});
  EXPECT_NEAR(street.boosted(), 0.9, 1e-6) << "scores never fall";
}

TEST(ScoreBoost, BlendsScoreAndOverlap) {
  Street street;
  street.config.boost_blend = 0.65F;
  EXPECT_NEAR(street.boosted(), 0.65 * 0.3 + 0.35 * std::pow(0.6, 1.5), 1e-6);
}

TEST(ScoreBoost, TheLimitFallsWithTheMissedFrames) {
  Street street;
  street.config.boost_limit = 0.95F;
  street.config.boost_score = 0.7F;
  street.see({{{5, 0, 100, 100}, 0.3F, 0, {}}});  // IoU 95 / 105 = 0.905
  EXPECT_NEAR(street.boosted(), 0.3, 1e-6);
  street.scene.tracks[0].frames_since_update = 6;  // limit 0.95 - 5 / 20 * 0.15 = 0.9125
  EXPECT_NEAR(street.boosted(), 0.3, 1e-6);
  street.scene.tracks[0].frames_since_update = 8;  // limit 0.8975
  EXPECT_NEAR(street.boosted(), 0.7, 1e-6);
}

TEST(ScoreBoost, ALowLimitHoldsAtOnceAndDoesNotRise) {
  Street street;  // IoU 0.6
  street.config.boost_score = 0.7F;
  street.config.boost_limit = 0.55F;
  for (const int frames : {1, 8, 40}) {
    street.scene.tracks[0].frames_since_update = frames;
    street.see({{{25, 0, 100, 100}, 0.3F, 0, {}}});
    EXPECT_NEAR(street.boosted(), 0.7, 1e-6) << frames;
  }
  street.config.boost_limit = 0.65F;
  street.see({{{25, 0, 100, 100}, 0.3F, 0, {}}});
  EXPECT_NEAR(street.boosted(), 0.3, 1e-6);
}

TEST(ScoreBoost, OfNewcomersFarFromAllTracksTheSurestIsRaised) {
  Street street;
  street.config.boost_newcomers = true;
  street.config.boost_score = 0.6F;
  street.see({{{10, 0, 100, 100}, 0.2F, 0, {}},     // near the track
              {{500, 0, 100, 100}, 0.2F, 0, {}},    // far
              {{510, 0, 100, 100}, 0.3F, 0, {}},    // overlaps the previous one, and surer
              {{900, 0, 100, 100}, 0.8F, 0, {}}});  // sure already
  street.boosted();
  EXPECT_NEAR(street.scene.observations[0].score, 0.2, 1e-6);
  EXPECT_NEAR(street.scene.observations[1].score, 0.2, 1e-6);
  EXPECT_NEAR(street.scene.observations[2].score, 0.6, 1e-6);
  EXPECT_NEAR(street.scene.observations[3].score, 0.8, 1e-6);
}

}  // namespace
}  // namespace onepass::track
