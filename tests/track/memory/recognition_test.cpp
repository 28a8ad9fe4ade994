// The verdicts on waiting tracks, frame by frame.
#include "track/memory/recognition.hpp"

#include <gtest/gtest.h>

#include "track/memory/track_memory.hpp"

namespace onepass::track {
namespace {

const Embedding kLooks = Embedding::Unit(4, 0);
const Embedding kOtherLooks = (Embedding(4) << 0.6F, 0.8F, 0, 0).finished();

/// A memory that holds identity 7, and a tracker's scene of tracks that wait for their ids.
struct Waiting {
  /// A frame in which these detections are there to be observed.
  void begin(const std::vector<Embedding>& embeddings, double now_s) {
    std::vector<Detection> detections;
    scene.observations.clear();
    scene.now_s = now_s;
    for (const auto& embedding : embeddings) {
      Observation observation{};
      observation.source = static_cast<int>(detections.size());
      scene.observations.push_back(observation);
      detections.push_back({{}, 0.9F, 0, embedding});
    }
    recognition.begin_frame(detections, scene);
  }

  void add_track(int observation) {
    TrackRecord track;
    track.waiting = true;
    track.score = 0.5;
    recognition.observe(track, scene, observation);
    scene.tracks.push_back(std::move(track));
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
    identity.views.push_back({CompactEmbedding(kLooks), 1.0});
    state.gallery.put(std::move(identity), 10);
    return memory;
  }

  std::shared_ptr<Memory> memory = with_identity_7();
  Recognition recognition{config(), memory};
  Scene scene;
};

TEST(Recognition, WhoLooksLikeAnAbsentIdentityIsIt) {
  Waiting waiting;
  waiting.begin({kLooks}, 1);
  waiting.add_track(0);
  ASSERT_EQ(waiting.recognition.recognize(waiting.scene).size(), 1U);
  EXPECT_EQ(waiting.scene.tracks[0].id, 7);
}

TEST(Recognition, AnIdentityThatHasGoneMeanwhileIsNotGiven) {
  Waiting waiting;
  waiting.begin({kLooks, kLooks}, 1);
  waiting.add_track(0);
  waiting.add_track(1);
  EXPECT_TRUE(waiting.recognition.recognize(waiting.scene).empty());  // two claim it
  waiting.memory->state().gallery.take(7);                            // as another camera does
  // One of the two is hidden; the other's turn does not come, for sixteen have been compared less often.
  std::vector<Embedding> embeddings(17, kOtherLooks);
  embeddings[0] = kLooks;
  waiting.begin(embeddings, 1.1);
  waiting.recognition.observe(waiting.scene.tracks[0], waiting.scene, 0);
  waiting.scene.tracks[1].frames_since_update = 1;
  for (int i = 1; i < 17; ++i) waiting.add_track(i);
  waiting.recognition.recognize(waiting.scene);
  EXPECT_NE(waiting.scene.tracks[0].id, 7);
}

}  // namespace
}  // namespace onepass::track
