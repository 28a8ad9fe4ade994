#include "onepass/tracker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "onepass/shape_geometry.hpp"
#include "support/scene.hpp"

namespace onepass::track {
namespace {

using test::detection;
using test::frame;
using test::ids_of;
using test::same_rows;
using testing::ElementsAre;
using testing::IsEmpty;

using Detections = std::vector<Detection>;

TEST(Tracker, IdsAreDenseAndGivenAtConfirmation) {
  Tracker tracker({}, 30);
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(100, 100)}, frame(0))), ElementsAre(1)) << "first frame";
  // A new track needs a second detection; tentative tracks without one use no id.
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(102, 100), detection(900, 100)}, frame(1))), ElementsAre(1));
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(104, 100), detection(500, 100)}, frame(2))), ElementsAre(1));
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(106, 100), detection(502, 100)}, frame(3))),
              ElementsAre(1, 2));
  EXPECT_EQ(tracker.identity_count(), 2);
}

TEST(Tracker, ConfirmationNeedsHitsAndScores) {
  Tracker tracker({}, 30);
  tracker.update({}, frame(0));
  const auto shown = [&](int index, float score) {
    return tracker.update(Detections{detection(100, 100, 40, 100, score)}, frame(index)).size();
  };
  EXPECT_EQ(shown(1, 0.6F), 0U);
  EXPECT_EQ(shown(2, 0.6F), 0U) << "two hits, but a score sum of 1.2";
  EXPECT_EQ(shown(3, 0.6F), 1U) << "1.8";
}

TEST(Tracker, ATentativeTrackDiesAtItsFirstMiss) {
  Tracker tracker({}, 30);
  tracker.update({}, frame(0));
  tracker.update(Detections{detection(100, 100)}, frame(1));
  tracker.update({}, frame(2));
  EXPECT_THAT(tracker.update(Detections{detection(100, 100)}, frame(3)), IsEmpty());
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(100, 100)}, frame(4))), ElementsAre(1));
}

TEST(Tracker, PeopleWhoCrossKeepTheirIds) {
  Tracker tracker({}, 30);
  for (int i = 0; i < 60; ++i) {
    const float x = 8.0F * static_cast<float>(i);
    // They pass each other at different distances from the camera.
    const auto tracks =
        tracker.update(Detections{detection(100 + x, 300, 60, 160), detection(580 - x, 330, 66, 180)}, frame(i));
    ASSERT_THAT(ids_of(tracks), ElementsAre(1, 2)) << i;
    ASSERT_NEAR(tracks[0].box.left, 100 + x, 12) << i;
    ASSERT_NEAR(tracks[1].box.left, 580 - x, 12) << i;
  }
}

TEST(Tracker, AnIdSurvivesASecondOfOcclusionAndNoMore) {
  for (const int missing : {29, 40}) {
    Tracker tracker({}, 30);
    int index = 0;
    float x = 100;
    for (; index < 30; ++index, x += 2) tracker.update(Detections{detection(x, 100)}, frame(index));
    for (int i = 0; i < missing; ++i, ++index, x += 2) tracker.update({}, frame(index));
    tracker.update(Detections{detection(x, 100)}, frame(index));
    const auto tracks = tracker.update(Detections{detection(x + 2, 100)}, frame(index + 1));
    EXPECT_THAT(ids_of(tracks), ElementsAre(missing < 30 ? 1 : 2)) << missing;
  }
}

TEST(Tracker, LivesAreSecondsWhateverTheFrameRate) {
  for (const double frame_rate : {5.0, 10.0, 30.0, 60.0}) {
    for (const double missing_s : {0.7, 1.5}) {
      Tracker tracker({}, frame_rate);
      double time_s = 0;
      std::int64_t index = 0;
      std::vector<Track> tracks;
      const auto advance = [&](const Detections& detections) {
        auto now = frame(index++);
        now.time = Timestamp(time_s);
        time_s += 1 / frame_rate;
        tracks = tracker.update(detections, now);
      };
      while (time_s < 2) advance({detection(100 + 20 * static_cast<float>(time_s), 100)});
      while (time_s < 2 + missing_s) advance({});
      for (int i = 0; i < 2; ++i) advance({detection(100 + 20 * static_cast<float>(time_s), 100)});
      EXPECT_THAT(ids_of(tracks), ElementsAre(missing_s < 1 ? 1 : 2)) << frame_rate << " fps, gone " << missing_s;
    }
  }
}

/// The boxes of an object that turns, at every third of the times of a 30 fps stream.
std::vector<Track> seen_ten_times_a_second(TrackerConfig config, double nominal_rate) {
  Tracker tracker(config, nominal_rate);
  std::vector<Track> tracks;
  for (int i = 0; i < 60; i += 3) {
    const auto turned = static_cast<float>(i * i) / 40;
    const auto shown = tracker.update(Detections{detection(100 + turned, 300 - turned)}, frame(i));
    tracks.insert(tracks.end(), shown.begin(), shown.end());
  }
  return tracks;
}

TEST(Tracker, NoiseIsPerSecondWhateverTheFrameRate) {
  EXPECT_TRUE(same_rows(seen_ten_times_a_second({}, 30), seen_ten_times_a_second({}, 10)));
  TrackerConfig published;
  published.noise_rate = 0;
  EXPECT_FALSE(same_rows(seen_ten_times_a_second(published, 30), seen_ten_times_a_second(published, 10)));
  EXPECT_TRUE(same_rows(seen_ten_times_a_second({}, 30), seen_ten_times_a_second(published, 30)));
}

/// Two people dance: each jumps to and fro by `stride` pixels around a place of their own, 220 pixels apart. The mean
/// distance of the output boxes from the true ones in the last three of ten seconds, and the number of identities.
struct Danced {
  double error = 0;
  std::int64_t identities = 0;
};

Danced dance(double stride, const TrackerConfig& config = {}) {
  Tracker tracker(config, 30);
  Danced danced;
  int rows = 0;
  for (int i = 0; i < 300; ++i) {
    const auto moved = static_cast<float>(stride * std::sin(0.6 * i));
    const Detections detections{detection(400 + moved, 300, 100, 200), detection(620 - moved, 310, 100, 200)};
    for (const auto& track : tracker.update(detections, frame(i))) {
      if (i < 210) continue;
      const float nearest = std::min(std::abs(track.box.left - detections[0].box.left),
                                     std::abs(track.box.left - detections[1].box.left));
      danced.error += nearest;
      ++rows;
    }
  }
  danced.error /= rows;
  danced.identities = tracker.identity_count();
  return danced;
}

TEST(Tracker, LearnsToFollowExactDetectionsOfFastMotion) {
  TrackerConfig fixed;
  fixed.learn_motion = false;
  const double steady = dance(50, fixed).error;
  EXPECT_GT(steady, 8);
  EXPECT_LT(dance(50).error, 0.4 * steady) << "boxes that keep their shape are a mixture of .7 agile and .3 steady";
  EXPECT_EQ(dance(50).identities, 2);
}

TEST(Tracker, SlowMotionIsFilteredAsConfigured) {
  TrackerConfig fixed;
  fixed.learn_motion = false;
  EXPECT_EQ(dance(1).error, dance(1, fixed).error);
}

TEST(Tracker, FaintDetectionsKeepATrackButStartNone) {
  Tracker tracker({}, 30);
  for (int i = 0; i < 5; ++i) tracker.update(Detections{detection(100, 100)}, frame(i));
  const auto tracks =
      tracker.update(Detections{detection(101, 100, 40, 100, 0.1F), detection(600, 100, 40, 100, 0.3F)}, frame(5));
  ASSERT_THAT(ids_of(tracks), ElementsAre(1));
  EXPECT_EQ(tracks[0].origin, BoxOrigin::detected);
  EXPECT_FLOAT_EQ(tracks[0].score, 0.1F);
}

TEST(Tracker, ALostTrackCoastsBrieflyAndIsMarkedPredicted) {
  Tracker tracker({}, 30);
  int index = 0;
  for (; index < 30; ++index) {
    tracker.update(Detections{detection(100 + 3 * static_cast<float>(index), 100)}, frame(index));
  }
  int predicted = 0;
  for (int i = 0; i < 12; ++i, ++index) {
    const auto tracks = tracker.update({}, frame(index));
    if (tracks.empty()) break;
    EXPECT_EQ(tracks[0].origin, BoxOrigin::predicted);
    EXPECT_EQ(tracks[0].state, TrackState::lost);
    EXPECT_NEAR(tracks[0].box.left, 100 + 3 * static_cast<float>(index), 4) << "the track continues";
    ++predicted;
  }
  EXPECT_EQ(predicted, 3) << "0.1 s in the open";
}

TEST(Tracker, ALostTrackBehindAnotherCoastsLonger) {
  Tracker tracker({}, 30);
  int index = 0;
  const auto front = detection(110, 120, 60, 160);  // covers and reaches lower
  for (; index < 30; ++index) tracker.update(Detections{detection(100, 100), front}, frame(index));
  int predicted = 0;
  for (int i = 0; i < 15; ++i, ++index) {
    for (const auto& track : tracker.update(Detections{front}, frame(index))) {
      if (track.origin == BoxOrigin::predicted) ++predicted;
    }
  }
  EXPECT_EQ(predicted, 9) << "0.3 s";
}

/// Error of the predicted box of a person who walks right at 4 pixels per frame and is hidden by a standing person; the
/// detected box includes half of the hidden part.
double error_behind_another(float occlusion_noise) {
  TrackerConfig config;
  config.occlusion_noise = occlusion_noise;
  Tracker tracker(config, 30);
  const float front_left = 300;
  float left = 100;
  for (int index = 0;; ++index, left += 4) {
    Detections detections{detection(front_left, 90, 80, 160)};
    const float visible = std::min(front_left - left, 40.0F);
    if (visible > 4) detections.push_back(detection(left, 100, (40 + visible) / 2, 100));
    for (const auto& track : tracker.update(detections, frame(index))) {
      if (track.origin == BoxOrigin::predicted) return std::abs(track.box.center_x() - (left + 20));
    }
  }
}

TEST(Tracker, PartlyHiddenBoxesHaveLessInfluenceOnMotion) {
  EXPECT_LT(error_behind_another(2), error_behind_another(0) - 1);
  EXPECT_LT(error_behind_another(4), error_behind_another(2) - 0.5);
}

TEST(Tracker, ATrackNamesTheDetectionItWasMatchedWith) {
  Tracker tracker({}, 30);
  const auto detections_of = [](const std::vector<Track>& tracks) {
    std::vector<int> detections;
    for (const auto& track : tracks) detections.push_back(track.detection);
    return detections;
  };
  const auto unusable = detection(300, 100, -40);  // skipped, but counted
  for (int i = 0; i < 30; ++i) {
    const auto tracks = tracker.update(Detections{unusable, detection(100, 100), detection(600, 100)}, frame(i));
    ASSERT_THAT(detections_of(tracks), ElementsAre(1, 2)) << i;
  }
  EXPECT_THAT(detections_of(tracker.update(Detections{detection(600, 100), detection(100, 100)}, frame(30))),
              ElementsAre(1, 0));
  EXPECT_THAT(detections_of(tracker.update(Detections{detection(600, 100)}, frame(31))), ElementsAre(-1, 0))
      << "the first track coasts";
}

TEST(Tracker, EmptyFramesAgeTracks) {
  Tracker tracker({}, 30);
  for (int i = 0; i < 10; ++i) tracker.update(Detections{detection(100, 100)}, frame(i));
  for (int i = 10; i < 45; ++i) tracker.update({}, frame(i));
  tracker.update(Detections{detection(100, 100)}, frame(45));
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(100, 100)}, frame(46))), ElementsAre(2));
}

TEST(Tracker, AFlickeringClassDoesNotSplitAnIdentity) {
  Tracker tracker({}, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 30; ++i) {
    const int class_id = i % 3 == 2 ? 7 : 2;  // a car that is sometimes classified as a truck
    tracks = tracker.update(Detections{detection(100 + static_cast<float>(i), 100, 90, 60, 0.8F, class_id)}, frame(i));
    ASSERT_THAT(ids_of(tracks), ElementsAre(1)) << i;
    EXPECT_EQ(tracks[0].class_id, 2) << i;
  }
  for (int i = 30; i < 60; ++i) {
    tracks = tracker.update(Detections{detection(100 + static_cast<float>(i), 100, 90, 60, 0.8F, 7)}, frame(i));
  }
  EXPECT_EQ(tracks[0].class_id, 7) << "most of the score is for the truck";
  EXPECT_EQ(tracks[0].id, 1);
}

TEST(Tracker, PerClassTracksNeverChangeClass) {
  TrackerConfig config;
  config.per_class = true;
  Tracker tracker(config, 30);
  for (int i = 0; i < 5; ++i) tracker.update(Detections{detection(100, 100, 90, 60, 0.9F, 2)}, frame(i));
  for (int i = 5; i < 8; ++i) tracker.update(Detections{detection(100, 100, 90, 60, 0.9F, 7)}, frame(i));
  const auto tracks = tracker.update(Detections{detection(100, 100, 90, 60, 0.9F, 7)}, frame(8));
  ASSERT_THAT(ids_of(tracks), ElementsAre(2));
  EXPECT_EQ(tracks[0].class_id, 7);
}

TEST(Tracker, SmallAndWideBoxesAreHiddenOnlyOnRequest) {
  TrackerConfig config;
  const Detections detections = {detection(100, 100), detection(300, 100, 90, 40), detection(600, 100, 8, 9)};
  EXPECT_THAT(ids_of(Tracker(config, 30).update(detections, frame(0))), ElementsAre(1, 2, 3));
  config.min_area = 100;
  config.max_aspect = 1.6F;
  EXPECT_THAT(ids_of(Tracker(config, 30).update(detections, frame(0))), ElementsAre(1));
}

/// A crowd with noise, missing and false detections.
Detections noisy_crowd(int index, std::mt19937& random) {
  std::uniform_real_distribution<float> unit(0, 1);
  Detections detections;
  for (int person = 0; person < 30; ++person) {
    if (unit(random) < 0.15F) continue;
    const float direction = person % 2 == 0 ? 2.0F : -1.5F;
    const float x = 40.0F * static_cast<float>(person) + direction * static_cast<float>(index) + 4 * unit(random);
    detections.push_back(detection(x, 200 + 7.0F * static_cast<float>(person % 5), 45 + 3 * unit(random),
                                   120 + 5 * unit(random), 0.3F + 0.7F * unit(random)));
  }
  detections.push_back(detection(1500 * unit(random), 800 * unit(random)));
  return detections;
}

TEST(Tracker, TwoInterleavedGiveTheSameBytesAsEachAlone) {
  std::mt19937 random(3);
  std::vector<Detections> street;
  std::vector<Detections> square;
  for (int i = 0; i < 120; ++i) {
    street.push_back(noisy_crowd(i, random));
    square.push_back(noisy_crowd(2 * i, random));
  }
  std::vector<std::vector<Track>> street_alone;
  std::vector<std::vector<Track>> square_alone;
  Tracker first({}, 30);
  for (int i = 0; i < 120; ++i) street_alone.push_back(first.update(street[i], frame(i)));
  Tracker second({}, 25);
  for (int i = 0; i < 120; ++i) square_alone.push_back(second.update(square[i], frame(i)));
  Tracker a({}, 30);
  Tracker b({}, 25);
  for (int i = 0; i < 120; ++i) {
    ASSERT_TRUE(same_rows(a.update(street[i], frame(i)), street_alone[i])) << i;
    ASSERT_TRUE(same_rows(b.update(square[i], frame(i)), square_alone[i])) << i;
  }
  EXPECT_GT(first.identity_count(), 20);
}

// ---- bad input: each kind has a defined outcome ---------------------------------------------------------------------

/// Twenty frames of one person, `disturbed` at frame 10, then ten more: the track as it ends.
std::vector<Track> after_disturbance(const std::function<void(Detections&, Frame&)>& disturb) {
  Tracker tracker({}, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 30; ++i) {
    Detections detections = {detection(100 + 2 * static_cast<float>(i), 100)};
    auto now = frame(i);
    if (i == 10) disturb(detections, now);
    tracks = tracker.update(detections, now);
    for (const auto& track : tracks) {
      EXPECT_TRUE(std::isfinite(track.box.left + track.box.top + track.box.width + track.box.height)) << i;
    }
  }
  return tracks;
}

TEST(TrackerBadInput, BoxesAndScoresThatAreNoNumbersAreLeftOut) {
  const auto undisturbed = after_disturbance([](auto&, auto&) {});
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const auto& bad :
       {detection(nan, 100), detection(110, nan), detection(110, 100, nan), detection(110, 100, 40, nan),
        detection(110, 100, 40, 100, nan), detection(infinity, 100), detection(-infinity, 100),
        detection(110, 100, infinity), detection(110, 100, 40, 100, infinity), detection(110, 100, 0, 100),
        detection(110, 100, 40, 0), detection(110, 100, -40, 100), detection(110, 100, 40, -1e-3F),
        detection(2e7F, 100), detection(110, 100, 2e7F, 100)}) {
    const auto tracks = after_disturbance([&](Detections& detections, auto&) { detections.push_back(bad); });
    EXPECT_TRUE(same_rows(tracks, undisturbed)) << bad.box.left << " " << bad.box.width << " " << bad.score;
  }
}

TEST(TrackerBadInput, ScoresBeyondOneCountAsOne) {
  Tracker tracker({}, 30);
  const auto tracks = tracker.update(Detections{detection(100, 100, 40, 100, 63.5F)}, frame(0));
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_FLOAT_EQ(tracks[0].score, 1);
  EXPECT_THAT(Tracker({}, 30).update(Detections{detection(100, 100, 40, 100, -3)}, frame(0)), IsEmpty());
}

TEST(TrackerBadInput, BoxesFarOutsideTheImageAreTrackedWithoutHarm) {
  const auto tracks = after_disturbance([](Detections& detections, auto&) {
    detections.push_back(detection(-90000, 5e6F));
    detections.push_back(detection(-5000, -5000, 9e6F, 9e6F));
  });
  ASSERT_THAT(ids_of(tracks), ElementsAre(1));
  EXPECT_NEAR(tracks[0].box.left, 158, 3);
}

TEST(TrackerBadInput, TimeThatRunsBackwardsOrStandsStillIsOneFrame) {
  for (const double time_s : {9.0 / 30, 3.0 / 30, -500.0, std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity()}) {
    const auto tracks = after_disturbance([&](auto&, Frame& now) { now.time = Timestamp(time_s); });
    // After a jump back, the step to the next timestamp may be long: only a break beyond a second ends tracks.
    const bool breaks_off = time_s < -1;
    ASSERT_THAT(ids_of(tracks), ElementsAre(breaks_off ? 2 : 1)) << time_s;
    EXPECT_NEAR(tracks[0].box.left, 158, 3) << time_s;
  }
}

TEST(TrackerBadInput, AStreamWithoutTimestampsIsTrackedAtTheNominalRate) {
  Tracker with_times({}, 30);
  Tracker without_times({}, 30);
  std::mt19937 random(5);
  for (int i = 0; i < 60; ++i) {
    const auto detections = noisy_crowd(i, random);
    auto now = frame(i);
    const auto expected = with_times.update(detections, now);
    now.time = Timestamp(0);
    EXPECT_EQ(ids_of(without_times.update(detections, now)), ids_of(expected)) << i;
  }
}

TEST(Tracker, AChangedResolutionKeepsIdentities) {
  Tracker tracker({}, 30);
  for (int index = 0; index < 10; ++index) {
    tracker.update({{detection(600, 300), detection(900, 600)}}, frame(index));
  }
  auto smaller = frame(10);
  smaller.size = cv::Size(960, 540);
  const auto tracks = tracker.update({{detection(450, 300, 20, 50), detection(300, 150, 20, 50)}}, smaller);
  ASSERT_EQ(ids_of(tracks), (std::vector<std::int64_t>{1, 2}));
  EXPECT_NEAR(tracks[0].box.left, 300, 1);
  EXPECT_NEAR(tracks[1].box.left, 450, 1);
  EXPECT_NEAR(tracks[1].box.width, 20, 1);
}

TEST(Tracker, AStreamSlowerThanItsTracksLiveKeepsIdentities) {
  Tracker tracker({}, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 8; ++i) {
    auto now = frame(i);
    now.time = Timestamp(2.0 * i);  // as with a large --vid-stride; a lost track lives for one second
    tracks = tracker.update(Detections{detection(100 + 2.0F * static_cast<float>(i), 100)}, now);
  }
  EXPECT_THAT(ids_of(tracks), ElementsAre(1));
}

TEST(TrackerBadInput, AJumpOfAnHourEndsEveryTrackAndNothingElse) {
  Tracker tracker({}, 30);
  for (int i = 0; i < 10; ++i) tracker.update(Detections{detection(100, 100)}, frame(i));
  auto later = frame(10);
  later.time += std::chrono::hours(1);
  EXPECT_THAT(tracker.update(Detections{detection(100, 100)}, later), IsEmpty()) << "a new track, not confirmed yet";
  later.time += Timestamp(1.0 / 30);
  EXPECT_THAT(ids_of(tracker.update(Detections{detection(100, 100)}, later)), ElementsAre(2));
}

TEST(TrackerBadInput, FiftyThousandDetectionsInAFrameLeaveTheOthersAlone) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> unit(0, 1);
  const auto tracks = after_disturbance([&](Detections& detections, auto&) {
    for (int i = 0; i < 50000; ++i) {
      detections.push_back(detection(300 + 1500 * unit(random), 250 + 700 * unit(random), 30, 60, unit(random)));
    }
  });
  ASSERT_THAT(ids_of(tracks), ElementsAre(1));
  EXPECT_NEAR(tracks[0].box.left, 158, 3);
}

TEST(TrackerBadInput, AFloodOfDetectionsInTwoFramesIsSurvived) {
  std::mt19937 random(12);
  std::uniform_real_distribution<float> unit(0, 1);
  Detections flood;
  for (int i = 0; i < 50000; ++i) flood.push_back(detection(1800 * unit(random), 1000 * unit(random), 30, 60));
  Tracker tracker({}, 30);
  tracker.update(flood, frame(0));
  const auto tracks = tracker.update(flood, frame(1));
  EXPECT_EQ(tracks.size(), 50000U);
  EXPECT_EQ(tracker.identity_count(), 50000);
}

TEST(TrackerBadInput, AFrameRateMustBePositive) {
  for (const double frame_rate : {0.0, -30.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(Tracker({}, frame_rate), std::invalid_argument) << frame_rate;
  }
}

/// Identities after a row of slender boxes, which stand diagonally beside each other, has passed; positions are noisy.
std::int64_t identities_of_a_diagonal_row(bool with_rotated_boxes) {
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0, 1.5F);
  Tracker tracker({}, 30);
  for (int i = 0; i < 120; ++i) {
    Detections detections;
    for (int number = 0; number < 6; ++number) {
      const float x = 200 + 14.0F * static_cast<float>(number) + 3.0F * static_cast<float>(i) + noise(random);
      const float y = 300 - 14.0F * static_cast<float>(number) + 3.0F * static_cast<float>(i) + noise(random);
      const RotatedBox box{x, y, 90, 16, 0.7854F};
      auto& added = detections.emplace_back();
      added.box = bounding_box(box);
      added.score = 0.9F;
      if ((i + 7 * number) % 10 == 0)
        detections.pop_back();  // every object is missed once in ten frames
      else if (with_rotated_boxes)
        added.shape.rotated = box;
    }
    tracker.update(detections, frame(i));
  }
  return tracker.identity_count();
}

TEST(Tracker, RotatedBoxesTellNeighborsApart) { EXPECT_EQ(identities_of_a_diagonal_row(true), 6); }

TEST(Tracker, ShapesPassThrough) {
  Tracker tracker({}, 30);
  auto seen = detection(100, 100);
  seen.shape.mask = {8, 4, {5, 27}};
  seen.shape.keypoints = {{1, 2, 0.5F}};
  const auto tracks = tracker.update(Detections{detection(500, 100), seen}, frame(0));
  ASSERT_EQ(tracks.size(), 2U);
  EXPECT_EQ(tracks[0].shape, Shape{});
  EXPECT_EQ(tracks[1].shape, seen.shape);
}

}  // namespace
}  // namespace onepass::track
