#include "track/memory/ranking.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

const Embedding looks = Embedding::Unit(3, 0);
const Embedding alike = (Embedding(3) << 0.8F, 0.6F, 0).finished();  // distance .1
const Embedding other = Embedding::Unit(3, 2);                       // distance .5

TrackMemory seen(std::int64_t id, const Embedding& embedding, double last_seen_s) {
  TrackMemory memory;
  memory.id = id;
  memory.last_seen_s = last_seen_s;
  memory.lost = true;
  memory.exemplars.add({embedding, 1}, 8);
  return memory;
}

/// A camera whose waiting track was first seen at 10 s, and another camera with the same memory.
struct Cameras {
  Cameras() {
    own.stream = 1;
    elsewhere.stream = 2;
    state.rosters = {&own, &elsewhere};
    waiting.first_seen_s = 10;
  }
  Ranking rank_all() { return rank(state, own, waiting, looks); }

  Memory::State state{MemoryConfig{}};
  Roster own, elsewhere;
  TrackMemory waiting;
};

TEST(Ranking, TheNearestTwoAreKeptInOrder) {
  Ranking ranking;
  ranking.consider({1, 0.5, true});
  ranking.consider({2, 0.2, false});
  ranking.consider({3, 0.3, true});
  EXPECT_EQ(ranking.first.id, 2);
  EXPECT_EQ(ranking.second.id, 3);
  EXPECT_DOUBLE_EQ(ranking.nearest_possible, 0.3);
}

TEST(Ranking, AnIdentityInViewOfTwoCamerasIsNotItsOwnRival) {
  Ranking ranking;
  ranking.consider({1, 0.3, true});
  ranking.consider({2, 0.4, true});
  ranking.consider({1, 0.2, false});
  EXPECT_EQ(ranking.first.id, 1);
  EXPECT_DOUBLE_EQ(ranking.first.distance, 0.2);
  EXPECT_FALSE(ranking.first.possible);
  EXPECT_EQ(ranking.second.id, 2);
}

TEST(Ranking, AnIdentityInSightOfAnotherCameraIsARivalOnly) {
  Cameras cameras;
  cameras.elsewhere.tracks[1] = seen(5, looks, 9);
  EXPECT_TRUE(cameras.rank_all().first.possible);
  cameras.elsewhere.tracks[1].lost = false;
  EXPECT_EQ(cameras.rank_all().first.id, 5);
  EXPECT_FALSE(cameras.rank_all().first.possible);
  cameras.state.config.overlapping_views = true;
  EXPECT_TRUE(cameras.rank_all().first.possible);
}

TEST(Ranking, ItTakesTimeToReachAnotherCamera) {
  Cameras cameras;
  cameras.elsewhere.tracks[1] = seen(5, looks, 9);
  cameras.own.tracks[1] = seen(6, alike, 9);
  cameras.state.config.travel_s = 2;
  const auto ranking = cameras.rank_all();
  EXPECT_EQ(ranking.first.id, 5);
  EXPECT_FALSE(ranking.first.possible);
  EXPECT_EQ(ranking.second.id, 6);
  EXPECT_TRUE(ranking.second.possible);
  EXPECT_NEAR(ranking.nearest_possible, 0.1, 1e-6);
}

TEST(Ranking, RememberedIdentitiesOfOtherStreamsTravelToo) {
  Cameras cameras;
  cameras.state.config.travel_s = 2;
  for (const std::int64_t stream : {1, 2}) {
    RememberedIdentity identity;
    identity.id = identity.stream = stream;
    identity.last_seen_s = 9;
    identity.views.push_back({CompactEmbedding(stream == 1 ? alike : looks), 1});
    cameras.state.gallery.put(identity, 9);
  }
  const auto ranking = cameras.rank_all();
  EXPECT_EQ(ranking.first.id, 2);
  EXPECT_FALSE(ranking.first.possible);
  EXPECT_EQ(ranking.second.id, 1);
  EXPECT_TRUE(ranking.second.possible);
}

TEST(Ranking, OtherClassesAreImpossible) {
  Cameras cameras;
  cameras.own.tracks[1] = seen(5, looks, 9);
  cameras.own.tracks[1].class_id = 2;
  EXPECT_FALSE(cameras.rank_all().first.possible);
}

}  // namespace
}  // namespace onepass::track
