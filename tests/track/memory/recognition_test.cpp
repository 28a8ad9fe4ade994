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
