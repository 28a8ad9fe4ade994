#include "batch/piece_memory.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/stitcher.hpp"
#include "support/message_of.hpp"
#include "support/pieces.hpp"
#include "support/temporary_folder.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::batch {
namespace {

using test::all_frames;
using test::message_of;
using test::track;
using test::write_piece;
using testing::HasSubstr;

constexpr int length = 64;
constexpr const char* space = "test";
constexpr double forever_s = 1e9;

/// A person who looks the same but for noise: distances to oneself are about .1, to others about .5.
class Person {
 public:
  explicit Person(unsigned seed) : random_(seed), look_(any()) {}
  Embedding seen() { return (look_ + 0.5F * any()).normalized(); }

 private:
  Embedding any() {
    std::normal_distribution<float> normal;
    Embedding result(length);
    for (auto& value : result) value = normal(random_);
    return result.normalized();
  }

  std::mt19937 random_;
  Embedding look_;
};

/// An identity of a piece: its id there, and how long before the end of the piece it was last seen.
struct Seen {
  std::int64_t id;
  Person* person;
  double unseen_s = 0;
};

class RememberedPieces : public testing::Test {
 protected:
  RememberedPieces() { config_.enabled = true; }

  /// Writes record and memory of a piece at 10 frames per second.
  template <typename TracksAt>
  void write(const Piece& piece, int first, int end, TracksAt tracks_at, const std::vector<Seen>& identities) {
    records_.push_back(write_piece(folder_, piece, first, end, tracks_at, 0, space));
    Memory memory(config_);
    auto& state = memory.state();
    state.length = length;
    state.identities = 100;
    state.clock_s = 50;
    state.separation = {samples_, 0.1, 0.001, 0.4, 0.001};
    for (const auto& [id, person, unseen_s] : identities) {
      track::RememberedIdentity identity;
      identity.id = id;
      identity.hits = 10;
      identity.last_seen_s = state.clock_s - unseen_s;
      identity.views.push_back({track::CompactEmbedding(person->seen()), 5});
      state.gallery.put(std::move(identity), state.clock_s);
    }
    memory.save(memory_of(records_.back()), space);
  }

  std::string last_frame() {
    Stitcher stitcher(records_, config_);
    const auto frames = all_frames(stitcher);
    recognized_ = stitcher.recognized();
    return frames.back();
  }

  test::TemporaryFolder folder_;
  MemoryConfig config_;
  std::int64_t samples_ = 1000;
  std::vector<std::filesystem::path> records_;
  std::int64_t recognized_ = 0;
  Person ann_{1}, bob_{2}, carl_{3}, dora_{4};
};

/// The ids of a frame, each at its place in the picture.
std::vector<Track> tracks(std::initializer_list<std::int64_t> ids) {
  std::vector<Track> result;
  for (const auto id : ids) result.push_back(track(id, static_cast<float>(50 * result.size())));
  return result;
}

TEST_F(RememberedPieces, WhoReturnsInALaterPieceKeepsTheId) {
  // Bob (2, then 1) stays; Ann (1) leaves at .5 s and returns at 2.2 s as 2, with Carl, who is new.
  const auto first = [](int index) { return index < 5 ? tracks({2, 1}) : tracks({2}); };
  const auto second = [](int index) { return index < 22 ? tracks({1}) : tracks({1, 2, 3}); };
  write({1, 2, {0, 2}}, 0, 20, first, {{1, &ann_, 1.5}, {2, &bob_}});
  write({2, 2, {1, forever_s}}, 10, 30, second, {{1, &bob_}, {2, &ann_}, {3, &carl_}});
  EXPECT_EQ(last_frame(), "29: 1 2 3");
  EXPECT_EQ(recognized_, 1);
  config_.enabled = false;
  EXPECT_EQ(last_frame(), "29: 2 3 4") << "without the memories, Ann is 3 and Carl 4";
}

TEST_F(RememberedPieces, KnowAllPiecesBefore) {
  const auto alone = [](int) { return tracks({1}); };
  const auto both = [](int index) { return index < 32 ? tracks({1}) : tracks({1, 2}); };
  const auto first = [](int index) { return index < 5 ? tracks({1, 2}) : tracks({1}); };
  write({1, 3, {0, 2}}, 0, 20, first, {{1, &bob_}, {2, &ann_, 1.5}});
  write({2, 3, {1, 3}}, 10, 30, alone, {{1, &bob_}});
  write({3, 3, {2, forever_s}}, 20, 40, both, {{1, &bob_}, {2, &ann_}});
  EXPECT_EQ(last_frame(), "39: 1 2");
  EXPECT_EQ(recognized_, 1);
}

TEST_F(RememberedPieces, AnIdentityInSightIsGivenToNobodyElse) {
  // A second track looks like Bob, who is in sight, and Dora was in sight when a track like her began.
  const auto first = [](int) { return tracks({1, 2}); };
  const auto second = [](int index) { return index < 22 ? tracks({1, 2}) : tracks({1, 2, 3, 4}); };
  write({1, 2, {0, 2}}, 0, 20, first, {{1, &bob_}, {2, &dora_}});
  write({2, 2, {1, forever_s}}, 10, 30, second, {{1, &bob_}, {2, &dora_}, {3, &bob_}, {4, &dora_}});
  EXPECT_EQ(last_frame(), "29: 1 2 3 4");
  EXPECT_EQ(recognized_, 0);
}

TEST_F(RememberedPieces, DecideNothingBeforeDistancesAreKnown) {
  samples_ = 10;
  const auto first = [](int index) { return index < 5 ? tracks({1}) : tracks({}); };
  const auto second = [](int index) { return index < 22 ? tracks({}) : tracks({1}); };
  write({1, 2, {0, 2}}, 0, 20, first, {{1, &ann_, 1.5}});
  write({2, 2, {1, forever_s}}, 10, 30, second, {{1, &ann_}});
  EXPECT_EQ(last_frame(), "29: 2");
}

TEST_F(RememberedPieces, AMemoryThatIsMissingOrDamagedIsAnError) {
  const auto nobody = [](int) { return tracks({}); };
  write({1, 1, {0, forever_s}}, 0, 20, nobody, {});
  EXPECT_EQ(last_frame(), "19:");
  folder_.write("0001.memory", "damaged");
  EXPECT_THAT(message_of([&] { last_frame(); }), HasSubstr("0001.memory: is not a memory file of onepass"));
  std::filesystem::remove(folder_ / "0001.memory");
  EXPECT_THAT(message_of([&] { last_frame(); }), HasSubstr("0001.memory: cannot open this memory file"));
}

}  // namespace
}  // namespace onepass::batch
