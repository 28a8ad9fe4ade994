// Tests the decisions about waiting tracks, frame by frame.
#include "track/memory/recognition.hpp"

#include <gtest/gtest.h>

#include "track/memory/memory_state.hpp"

namespace onepass::track {
namespace {

const Embedding looks = Embedding::Unit(4, 0);
const Embedding other_looks = (Embedding(4) << 0.6F, 0.8F, 0, 0).finished();

/// A memory that contains identity 7, and a scene of tracks that wait for their ids.
struct Waiting {
  /// A frame with these detections.
  void begin(const std::vector<Embedding>& embeddings, double now_s) {
    detections.clear();
    scene.observations.clear();
    scene.now_s = now_s;
    for (const auto& embedding : embeddings) {
      Observation observation{};
      observation.source = static_cast<int>(detections.size());
      scene.observations.push_back(observation);
      detections.push_back({{}, 0.9F, 0, embedding});
    }
  }

  void add_track(int observation) {
    TrackRecord track;
    track.serial = static_cast<std::int64_t>(scene.tracks.size()) + 1;
    track.confirmed = true;
    track.score = 0.5;
    changes.started.push_back({static_cast<int>(scene.tracks.size()), observation, 0, {}});
    scene.tracks.push_back(std::move(track));
  }

  /// Number of tracks that get an id in this frame.
  std::size_t identify() {
    recognition.identify(detections, scene, changes);
    const auto count = changes.identified.size();
    changes.clear();
    return count;
  }

  static MemoryConfig config() {
    MemoryConfig config;
    config.enabled = true;
    config.agreement = 1;
    config.patience = 50;
    return config;
  }

  static std::shared_ptr<Memory> with_identity_7() {
    auto memory = std::make_shared<Memory>(config());
    auto& state = memory->state();
    state.identities = 7;
    state.length = 4;
    state.clock_s = 10;
    state.separation = {1000, 0.05, 0.001, 0.6, 0.001};
    RememberedIdentity identity;
    identity.id = 7;
    identity.hits = 100;
    identity.last_seen_s = 10;
    identity.views.push_back({CompactEmbedding(looks), 1.0});
    state.gallery.put(std::move(identity), 10);
    return memory;
  }

  std::shared_ptr<Memory> memory = with_identity_7();
  Recognition recognition{config(), memory};
  Scene scene;
  FrameChanges changes;
  std::vector<Detection> detections;
};

TEST(Recognition, ATrackThatLooksLikeAnAbsentIdentityGetsItsId) {
  Waiting waiting;
  waiting.begin({looks}, 1);
  waiting.add_track(0);
  ASSERT_EQ(waiting.identify(), 1U);
  EXPECT_EQ(waiting.scene.tracks[0].id, 7);
}

TEST(Recognition, CutViewsAreWaitedForButNotForever) {
  Waiting waiting;
  waiting.scene.size = {1000, 1000};
  waiting.begin({looks}, 1);
  waiting.scene.observations[0].box = {0, 100, 40, 200};  // enters from the left
  waiting.add_track(0);
  EXPECT_EQ(waiting.identify(), 0U);
  waiting.begin({looks}, 1 + Waiting::config().wait_s + 0.1);
  waiting.scene.observations[0].box = {0, 100, 40, 200};
  waiting.changes.matched.push_back({0, 0, 0, 0.1, {}});
  EXPECT_EQ(waiting.identify(), 1U);
  EXPECT_EQ(waiting.scene.tracks[0].id, 8);
}

TEST(Recognition, AClearViewAfterCutOnesIsRecognized) {
  Waiting waiting;
  waiting.scene.size = {1000, 1000};
  waiting.begin({other_looks}, 1);
  waiting.scene.observations[0].box = {0, 100, 40, 200};
  waiting.add_track(0);
  EXPECT_EQ(waiting.identify(), 0U);
  waiting.begin({looks}, 1.1);
  waiting.scene.observations[0].box = {50, 100, 90, 200};
  waiting.changes.matched.push_back({0, 0, 0, 0.1, {}});
  EXPECT_EQ(waiting.identify(), 1U);
  EXPECT_EQ(waiting.scene.tracks[0].id, 7);
}

/// Two cameras with one memory; identity 7 walks from the first to the second.
struct TwoCameras {
  TwoCameras() {
    second.memory = first.memory;
    first.begin({looks}, 0);
    first.add_track(0);
    first.scene.tracks[0].score = 0.9;  // its embedding becomes an exemplar
    first.identify();
  }
  void first_loses_sight(double now_s) {
    first.begin({}, now_s);
    first.scene.tracks[0].frames_since_update = 1;
    first.identify();
  }
  void second_sees(double now_s) {
    second.begin({looks}, now_s);
    second.add_track(0);
    given = second_camera.identify_with(second);
  }

  Waiting first, second;
  struct Camera {
    explicit Camera(const std::shared_ptr<Memory>& memory, const MemoryConfig& config) : recognition(config, memory) {}
    std::size_t identify_with(Waiting& waiting) {
      recognition.identify(waiting.detections, waiting.scene, waiting.changes);
      const auto count = waiting.changes.identified.size();
      waiting.changes.clear();
      return count;
    }
    Recognition recognition;
  } second_camera{first.memory, Waiting::config()};
  std::size_t given = 0;
};

TEST(Recognition, AnIdentityIsNeverInSightOfTwoCameras) {
  TwoCameras cameras;
  cameras.second_sees(1);
  EXPECT_NE(cameras.second.scene.tracks[0].id, 7);
}

TEST(Recognition, ATrackThatIsTakenOverGivesUpItsId) {
  TwoCameras cameras;
  cameras.first_loses_sight(1);
  cameras.second.begin({}, 0);
  cameras.second_camera.identify_with(cameras.second);  // joins at the time of the first camera
  cameras.second_sees(0.5);
  ASSERT_EQ(cameras.given, 1U);
  EXPECT_EQ(cameras.second.scene.tracks[0].id, 7);
  cameras.first.recognition.give_up(cameras.first.scene);
  EXPECT_EQ(cameras.first.scene.tracks[0].id, 0);
  EXPECT_FALSE(cameras.first.scene.tracks[0].confirmed);
  cameras.first.changes.ended = {{0, EndReason::age}};
  cameras.first.recognition.remember(cameras.first.scene, cameras.first.changes);
  EXPECT_EQ(cameras.first.memory->size(), 0U);  // the identity is in sight of the second camera
}

TEST(Recognition, AnIdentityThatComesBackFromAnotherCameraIsCountedOnce) {
  TwoCameras cameras;
  const auto leave = [](Waiting& waiting, Recognition& recognition) {
    waiting.changes.ended = {{0, EndReason::age}};
    recognition.remember(waiting.scene, waiting.changes);
    waiting.changes.clear();
    waiting.scene.tracks.clear();
  };
  ASSERT_EQ(cameras.first.scene.tracks[0].id, 7);
  leave(cameras.first, cameras.first.recognition);
  cameras.second.begin({}, 0);
  cameras.second_camera.identify_with(cameras.second);  // joins at the time of the first camera
  cameras.second.begin({looks}, 1);
  cameras.second.add_track(0);
  cameras.second.scene.tracks[0].score = 0.9;
  cameras.second_camera.identify_with(cameras.second);
  ASSERT_EQ(cameras.second.scene.tracks[0].id, 7);
  leave(cameras.second, cameras.second_camera.recognition);
  cameras.first.begin({looks}, 2);
  cameras.first.add_track(0);
  cameras.first.identify();
  ASSERT_EQ(cameras.first.scene.tracks[0].id, 7);
  EXPECT_EQ(cameras.first.recognition.identity_count(), 1);
  EXPECT_EQ(cameras.second_camera.recognition.identity_count(), 1);
}

TEST(Recognition, RemembersTracksThatEndExceptDuplicates) {
  Waiting waiting;
  waiting.begin({looks, other_looks}, 1);
  waiting.add_track(0);
  waiting.add_track(1);
  for (auto& track : waiting.scene.tracks) track.score = 0.9;  // its embeddings become exemplars
  waiting.identify();
  waiting.scene.tracks[1].id = 8;
  waiting.changes.ended = {{0, EndReason::duplicate}, {1, EndReason::age}};
  waiting.recognition.remember(waiting.scene, waiting.changes);
  ASSERT_EQ(waiting.memory->size(), 1U);
  EXPECT_EQ(waiting.memory->state().gallery.identities()[0].id, 8);
}

TEST(Recognition, AnIdentityThatHasGoneMeanwhileIsNotGiven) {
  Waiting waiting;
  waiting.begin({looks, looks}, 1);
  waiting.add_track(0);
  waiting.add_track(1);
  EXPECT_EQ(waiting.identify(), 0U);        // two tracks match it
  waiting.memory->state().gallery.take(7);  // like another camera
  // One of the two is hidden; the other is not compared, because sixteen tracks have been compared less often.
  std::vector<Embedding> embeddings(17, other_looks);
  embeddings[0] = looks;
  waiting.begin(embeddings, 1.1);
  waiting.changes.matched.push_back({0, 0, 0, 0.1, {}});
  waiting.scene.tracks[1].frames_since_update = 1;
  for (int i = 1; i < 17; ++i) waiting.add_track(i);
  waiting.identify();
  EXPECT_NE(waiting.scene.tracks[0].id, 7);
}

}  // namespace
}  // namespace onepass::track
