#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/memory.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::track {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A unit vector at this angle to the first axis.
Embedding at(double degrees) {
  const double angle = degrees * M_PI / 180;
  Embedding embedding = Embedding::Zero(64);
  embedding[0] = static_cast<float>(std::cos(angle));
  embedding[1] = static_cast<float>(std::sin(angle));
  return embedding;
}

RememberedIdentity remembered(std::int64_t id, const std::vector<double>& angles, int class_id = 0) {
  RememberedIdentity identity;
  identity.id = id;
  identity.class_id = class_id;
  identity.hits = 10;
  for (const double angle : angles) identity.views.push_back({CompactEmbedding(at(angle)), 1});
  return identity;
}

std::vector<std::int64_t> ids(const std::vector<SimilarIdentity>& found) {
  std::vector<std::int64_t> result;
  for (const auto& identity : found) result.push_back(identity.id);
  return result;
}

double distance_of(double degrees) { return (1 - std::cos(degrees * M_PI / 180)) / 2; }

TEST(SimilarIdentities, AreSortedByTheirMostSimilarViews) {
  Memory memory{MemoryConfig()};
  auto& gallery = memory.state().gallery;
  gallery.put(remembered(1, {0, 90}), 0);
  gallery.put(remembered(2, {20}), 0);
  gallery.put(remembered(3, {100, 170}), 0);
  gallery.put(remembered(4, {5}, 1), 0);  // of another class
  gallery.put(remembered(5, {45}), 0);
  const auto found = similar_identities(memory, 1, 10);
  EXPECT_THAT(ids(found), ElementsAre(3, 2, 5));
  EXPECT_NEAR(found[0].distance, distance_of(10), 0.002);
  EXPECT_NEAR(found[1].distance, distance_of(20), 0.002);
  EXPECT_NEAR(found[2].distance, distance_of(45), 0.002);
  EXPECT_THAT(ids(similar_identities(memory, 1, 1)), ElementsAre(3));
  EXPECT_THAT(similar_identities(memory, 4, 10), IsEmpty());
  EXPECT_THAT(similar_identities(memory, 99, 10), IsEmpty());
}

TEST(SimilarIdentities, IncludeThoseInSight) {
  Memory memory{MemoryConfig()};
  auto& state = memory.state();
  state.gallery.put(remembered(1, {0}), 0);
  Roster roster;
  roster.tracks[1].id = 2;
  roster.tracks[1].exemplars.add({at(30), 1}, 4);
  roster.tracks[2].id = 0;  // waits for its id
  roster.tracks[2].exemplars.add({at(1), 1}, 4);
  roster.tracks[3].id = 3;
  roster.tracks[3].exemplars.add({at(10), 1}, 4);
  roster.tracks[4].id = 4;  // without any view yet
  state.rosters.push_back(&roster);
  EXPECT_THAT(ids(similar_identities(memory, 1, 10)), ElementsAre(3, 2));
  EXPECT_THAT(ids(similar_identities(memory, 2, 10)), ElementsAre(3, 1));
  EXPECT_THAT(similar_identities(memory, 4, 10), IsEmpty());
  state.rosters.clear();
}

}  // namespace
}  // namespace onepass::track
