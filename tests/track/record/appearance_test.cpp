#include "track/record/appearance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include "onepass/tracker.hpp"
#include "support/scene.hpp"
#include "track/record/embedding_distance.hpp"

namespace onepass::track {
namespace {

using test::detection;
using test::frame;
using test::ids_of;
using test::same_rows;
using testing::ElementsAre;

using Detections = std::vector<Detection>;

/// Random unit vectors, determined by the seed.
class Looks {
 public:
  explicit Looks(unsigned seed = 1) : random_(seed) {}

  Embedding any(int length = 32) {
    Embedding result(length);
    for (auto& value : result) value = normal_(random_);
    return result.normalized();
  }

  /// `identity` with noise.
  Embedding like(const Embedding& identity, float noise = 0.05F) {
    return (identity + noise * any(static_cast<int>(identity.size()))).normalized();
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<float> normal_{0, 1};
};

Detection looking(Detection detection, Embedding embedding) {
  detection.embedding = std::move(embedding);
  return detection;
}

/// Four people walk in lanes for some frames, so that the tracker learns how well embeddings discriminate. Then the
/// first two disappear and return with their lanes swapped: boxes alone would swap their ids.
std::vector<std::int64_t> ids_after_swap(const std::function<Embedding(int person)>& look, int frames_to_learn = 120,
                                         const EmbeddingDistances& expected = {}) {
  TrackerConfig config;
  config.recovery_reach = 5;  // they return far from where they are expected
  Tracker tracker(config, 30);
  tracker.expect(expected);
  const auto lane = [](int place, int index) {
    return detection(200 + 250 * static_cast<float>(place), 300 + static_cast<float>(index % 2), 60, 160);
  };
  std::vector<Track> tracks;
  int index = 0;
  for (; index < frames_to_learn; ++index) {
    Detections detections;
    for (int person = 0; person < 4; ++person) detections.push_back(looking(lane(person, index), look(person)));
    tracks = tracker.update(detections, frame(index));
  }
  EXPECT_THAT(ids_of(tracks), ElementsAre(1, 2, 3, 4));
  const auto others = [&] { return Detections{looking(lane(2, index), look(2)), looking(lane(3, index), look(3))}; };
  for (int hidden = 0; hidden < 15; ++hidden, ++index) tracker.update(others(), frame(index));
  for (int again = 0; again < 2; ++again, ++index) {
    auto detections = others();
    // Each returns 120 pixels beyond the position at which the other one disappeared: their boxes do not overlap.
    detections.push_back(looking(detection(200 + 250 + 120, 300, 60, 160), look(0)));
    detections.push_back(looking(detection(200 + 100, 300, 60, 160), look(1)));
    tracks = tracker.update(detections, frame(index));
  }
  std::vector<std::int64_t> ids;
  for (const float left : {200 + 250 + 120.0F, 300.0F}) {
    for (const auto& track : tracks) {
      if (std::abs(track.box.left - left) < 20) ids.push_back(track.id);
    }
  }
  return ids;
}

TEST(Appearance, RecoversLostTracksByAppearance) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any(), looks.any(), looks.any()};
  EXPECT_THAT(ids_after_swap([&](int person) { return looks.like(people[person]); }), ElementsAre(1, 2));
}

TEST(Appearance, ExpectedDistancesRecoverBeforeTheStreamHasTaughtThem) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any(), looks.any(), looks.any()};
  const auto look = [&](int person) { return looks.like(people[person]); };
  constexpr int few = 6;
  EXPECT_THAT(ids_after_swap(look, few), ElementsAre(5, 6));
  EXPECT_THAT(ids_after_swap(look, few, {500, 0.01, 0.0001, 0.4, 0.001}), ElementsAre(1, 2));
}

/// Four people stand; after five seconds the first one is hidden for two and appears again next to where it was.
std::int64_t id_after_two_seconds(const std::function<Embedding(int person)>& look, const TrackerConfig& config = {}) {
  Tracker tracker(config, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 215; ++i) {
    Detections detections;
    for (int person = 0; person < 4; ++person) {
      const bool hidden = person == 0 && i >= 150 && i < 210;
      const float moved = person == 0 && i >= 210 ? 80.0F : 0.0F;
      const float left = 100 + 300 * static_cast<float>(person) + moved + static_cast<float>(i % 2);
      if (!hidden) detections.push_back(looking(detection(left, 300, 60, 160), look(person)));
    }
    tracks = tracker.update(detections, frame(i));
  }
  std::ranges::sort(tracks, {}, [](const Track& track) { return track.box.left; });
  return tracks.at(0).id;
}

TEST(Appearance, KeepsAnIdForLongerThanMotion) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any(), looks.any(), looks.any()};
  const auto look = [&](int person) { return looks.like(people[person]); };
  EXPECT_EQ(id_after_two_seconds(look), 1);
  EXPECT_EQ(id_after_two_seconds([&](int) { return looks.any(); }), 5) << "these embeddings tell nobody apart";
  EXPECT_EQ(id_after_two_seconds([](int) { return Embedding(); }), 5);
  TrackerConfig one_life;
  one_life.appearance_age_s = 0;
  EXPECT_EQ(id_after_two_seconds(look, one_life), 5);
}

TEST(Appearance, RecoveryAloneLearnsToo) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any(), looks.any(), looks.any()};
  TrackerConfig config;
  config.stages.at(0).appearance = AppearanceMode::none;
  EXPECT_EQ(id_after_two_seconds([&](int person) { return looks.like(people[person]); }, config), 1);
}

TEST(Appearance, UninformativeEmbeddingsRecoverNoTrack) {
  Looks looks;
  EXPECT_THAT(ids_after_swap([&](int) { return looks.any(); }), ElementsAre(5, 6));
  EXPECT_THAT(ids_after_swap([&](int) { return Embedding(); }), ElementsAre(5, 6));
}

TEST(Appearance, TwinsAreNotRecovered) {
  Looks looks;
  const auto twin = looks.any();
  const std::vector<Embedding> people = {twin, twin, looks.any(), looks.any()};
  EXPECT_THAT(ids_after_swap([&](int person) { return looks.like(people[person]); }), ElementsAre(5, 6))
      << "neither leads the other by the margin";
}

/// Two people walk up to each other, meet on nearly the same spot, and turn back: motion expects them to pass.
/// The ids of the left and the right one at the end.
std::vector<std::int64_t> ids_after_meeting(const std::function<Embedding(int person)>& look) {
  Tracker tracker({}, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 160; ++i) {
    const float walked = i < 100 ? 3.0F * static_cast<float>(i) : 300 - 6.0F * static_cast<float>(i - 100);
    tracks = tracker.update(Detections{looking(detection(100 + walked, 300, 60, 160), look(0)),
                                       looking(detection(700 - walked, 300, 60, 160), look(1)),
                                       looking(detection(1200, 300, 60, 160), look(2))},
                            frame(i));
  }
  EXPECT_EQ(tracks.size(), 3U);
  std::ranges::sort(tracks, {}, [](const Track& track) { return track.box.left; });
  return {tracks.at(0).id, tracks.at(1).id};
}

TEST(Appearance, DisambiguatesIfMotionIsWrong) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any(), looks.any()};
  EXPECT_THAT(ids_after_meeting([&](int person) { return looks.like(people[person]); }), ElementsAre(1, 2));
  EXPECT_THAT(ids_after_meeting([](int) { return Embedding(); }), ElementsAre(2, 1)) << "boxes alone swap them";
}

/// A crowd that walks through itself, with misses; `look` gives each detection's embedding.
std::vector<std::vector<Track>> track_crowd(const std::function<Embedding(int person)>& look) {
  std::mt19937 random(4);
  std::uniform_real_distribution<float> unit(0, 1);
  Tracker tracker({}, 30);
  std::vector<std::vector<Track>> result;
  for (int i = 0; i < 200; ++i) {
    Detections detections;
    for (int person = 0; person < 20; ++person) {
      const float speed = (person % 2 == 0 ? 3.0F : -3.0F) * (1 + 0.05F * static_cast<float>(person));
      const float x = 300 + 30 * static_cast<float>(person) + speed * static_cast<float>(i);
      const auto box = detection(x + 3 * unit(random), 200 + 11 * static_cast<float>(person % 7), 50, 130,
                                 0.3F + 0.7F * unit(random));
      if (unit(random) > 0.2F) detections.push_back(looking(box, look(person)));
    }
    result.push_back(tracker.update(detections, frame(i)));
  }
  return result;
}

void expect_same_tracks(const std::vector<std::vector<Track>>& a, const std::vector<std::vector<Track>>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_TRUE(same_rows(a[i], b[i])) << "frame " << i;
}

TEST(Appearance, UninformativeEmbeddingsChangeNothing) {
  const auto without = track_crowd([](int) { return Embedding(); });
  Looks looks;
  expect_same_tracks(track_crowd([&](int) { return looks.any(); }), without);
  const auto constant = looks.any();
  expect_same_tracks(track_crowd([&](int) { return constant; }), without);
  expect_same_tracks(track_crowd([&](int) { return Embedding(Embedding::Zero(32)); }), without);
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  expect_same_tracks(track_crowd([&](int) { return Embedding(Embedding::Constant(32, nan)); }), without);
}

TEST(Appearance, InformativeEmbeddingsChangeTheResult) {
  // Without this, the test above would prove nothing.
  Looks looks;
  std::vector<Embedding> people;
  for (int person = 0; person < 20; ++person) people.push_back(looks.any());
  const auto without = track_crowd([](int) { return Embedding(); });
  const auto with = track_crowd([&](int person) { return looks.like(people[person]); });
  bool differs = false;
  for (std::size_t i = 0; i < with.size(); ++i) differs = differs || !same_rows(with[i], without[i]);
  EXPECT_TRUE(differs);
}

/// Observations of these detections, and one track with the box and the embedding of the first.
struct Memory {
  explicit Memory(const TrackerConfig& config) : appearance(config), tracks(1) {}

  void see(const Detections& detections) {
    observe(detections, observations);
    appearance.begin_frame(detections, observations, tracks);
  }

  Appearance appearance;
  std::vector<TrackRecord> tracks;
  std::vector<Observation> observations;
};

TEST(AppearanceMemory, KeepsAMovingAverageThatSureDetectionsMoveMore) {
  TrackerConfig config;
  config.center_embeddings = false;
  config.embedding_momentum = 0.9F;
  const Embedding x = Embedding::Unit(2, 0);
  const Embedding y = Embedding::Unit(2, 1);
  for (const auto& [score, kept] : {std::pair(1.0F, 0.9F), std::pair(0.7F, 0.95F), std::pair(0.3F, 1.0F)}) {
    Memory memory(config);
    memory.see({looking(detection(0, 0), x), looking(detection(0, 0), y)});
    memory.appearance.remember(memory.tracks[0], 0, 1);
    memory.appearance.remember(memory.tracks[0], 1, score);
    const Embedding expected = (kept * x + (1 - kept) * y).normalized();
    EXPECT_LT((memory.tracks[0].embedding - expected).norm(), 1e-5) << score;
  }
}

TEST(AppearanceMemory, TheGalleryKeepsTheLastAndTheNearestCounts) {
  TrackerConfig config;
  config.center_embeddings = false;
  config.gallery = 2;
  Memory memory(config);
  Detections detections;
  for (int i = 0; i < 4; ++i) detections.push_back(looking(detection(0, 0), Embedding::Unit(4, i)));
  memory.see(detections);
  for (int i = 0; i < 3; ++i) memory.appearance.remember(memory.tracks[0], i, 1);
  EXPECT_NEAR(*memory.appearance.distance(memory.tracks[0], 2), 0, 1e-6);
  EXPECT_NEAR(*memory.appearance.distance(memory.tracks[0], 1), 0, 1e-6);
  EXPECT_NEAR(*memory.appearance.distance(memory.tracks[0], 0), 0.5, 1e-6) << "the oldest is forgotten";
}

TEST(AppearanceMemory, CenteringRemovesWhatAllHaveInCommon) {
  Looks looks;
  const Embedding common = looks.any(64);
  Memory memory((TrackerConfig()));
  Detections detections;
  for (int i = 0; i < 40; ++i) {
    const Embedding shifted = (common + 0.3F * looks.any(64)).normalized();
    detections.push_back(looking(detection(0, 0), shifted));
  }
  memory.see(detections);
  memory.appearance.remember(memory.tracks[0], 0, 1);
  double sum = 0;
  for (int i = 1; i < 40; ++i) sum += *memory.appearance.distance(memory.tracks[0], i);
  EXPECT_LT(appearance_distance(detections[0].embedding, detections[1].embedding), 0.1);
  EXPECT_NEAR(sum / 39, 0.5, 0.03) << "unrelated ones lie at right angles";
}

TEST(AppearanceMemory, DetectionsWithoutEmbeddingsHaveNoDistance) {
  Looks looks;
  Memory memory((TrackerConfig()));
  memory.see({looking(detection(0, 0), looks.any()), detection(50, 0), looking(detection(90, 0), looks.any(16))});
  EXPECT_EQ(memory.appearance.distance(memory.tracks[0], 0), std::nullopt) << "the track has none yet";
  memory.appearance.remember(memory.tracks[0], 0, 1);
  EXPECT_NE(memory.appearance.distance(memory.tracks[0], 0), std::nullopt);
  EXPECT_EQ(memory.appearance.distance(memory.tracks[0], 1), std::nullopt);
  EXPECT_EQ(memory.appearance.distance(memory.tracks[0], 2), std::nullopt) << "another length than the first's";
  memory.appearance.remember(memory.tracks[0], 1, 1);
  EXPECT_EQ(memory.tracks[0].embedding.size(), 32) << "nothing to remember changes nothing";
}

TEST(AppearanceMemory, AChangedLengthStartsAfresh) {
  Looks looks;
  Memory memory((TrackerConfig()));
  memory.see({looking(detection(0, 0), looks.any(32)), looking(detection(90, 0), looks.any(32))});
  memory.appearance.remember(memory.tracks[0], 0, 1);
  memory.see({detection(0, 0)});
  EXPECT_EQ(memory.tracks[0].embedding.size(), 32) << "a frame without embeddings forgets nothing";
  memory.see({looking(detection(0, 0), looks.any(48)), looking(detection(90, 0), looks.any(48))});
  EXPECT_EQ(memory.tracks[0].embedding.size(), 0);
  EXPECT_EQ(reliability_of(memory.appearance.separation()), 0);
  memory.appearance.remember(memory.tracks[0], 0, 1);
  EXPECT_EQ(memory.tracks[0].embedding.size(), 48);
}

TEST(Appearance, TracksSurviveAChangeOfLengthAndMixedFrames) {
  Looks looks;
  const auto tracks = track_crowd([&, count = 0](int person) mutable -> Embedding {
    ++count;
    if (count > 2500) return looks.any(8);
    if (count > 1500 && count % 3 == 0) return looks.any(16);
    return person % 4 == 0 ? Embedding() : looks.any(32);
  });
  expect_same_tracks(tracks, track_crowd([](int) { return Embedding(); }));
}

/// A person walks to the right, is hidden for a second and reappears a little beyond the filter's prediction.
std::int64_t id_after_hiding_by_deepsort(const std::function<Embedding()>& look) {
  Config config;
  apply_yaml(config, std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs/deepsort.yaml");
  Tracker tracker(config.tracker, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 63; ++i) {
    const bool hidden = i >= 30 && i < 58;
    const float ahead = i < 30 ? 0 : 75;  // more than the box is wide
    Detections detections = {looking(detection(100 + 5 * static_cast<float>(i) + ahead, 300, 60, 160), look())};
    if (hidden) detections.clear();
    tracks = tracker.update(detections, frame(i));
  }
  return tracks.size() == 1 ? tracks[0].id : 0;
}

TEST(Appearance, DeepSortsCascadeBringsBackWhatOverlapCannot) {
  Looks looks;
  const auto person = looks.any();
  EXPECT_EQ(id_after_hiding_by_deepsort([&] { return looks.like(person); }), 1);
  EXPECT_EQ(id_after_hiding_by_deepsort([] { return Embedding(); }), 2);
  EXPECT_EQ(id_after_hiding_by_deepsort([&, count = 0]() mutable { return ++count > 30 ? looks.any() : person; }), 2)
      << "another person reappeared";
}

/// The ids of two people with different embeddings who walk away from each other, with the appearance mode `mode`.
std::vector<std::int64_t> ids_by_config(const TrackerConfig& config) {
  Looks looks;
  const std::vector<Embedding> people = {looks.any(), looks.any()};
  Tracker tracker(config, 30);
  std::vector<Track> tracks;
  for (int i = 0; i < 60; ++i) {
    const float x = 2 * static_cast<float>(i);
    tracks = tracker.update(Detections{looking(detection(100 + x, 300, 60, 160), looks.like(people[0])),
                                       looking(detection(130 + 2 * x, 300, 60, 160), looks.like(people[1]))},
                            frame(i));
  }
  return ids_of(tracks);
}

TEST(Appearance, EveryModeTracks) {
  for (const auto mode : {AppearanceMode::none, AppearanceMode::disambiguate, AppearanceMode::min, AppearanceMode::add,
                          AppearanceMode::gap}) {
    TrackerConfig config;
    config.stages[0].appearance = mode;
    config.stages[0].appearance_weight = 0.5F;
    EXPECT_THAT(ids_by_config(config), ElementsAre(1, 2)) << static_cast<int>(mode);
  }
}

}  // namespace
}  // namespace onepass::track
