#include "batch/piece_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/stitcher.hpp"
#include "support/message_of.hpp"
#include "support/pieces.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::batch {
namespace {

using test::all_frames;
using test::message_of;
using test::Person;
using test::Seen;
using test::tracks;
using test::write_piece;
using testing::HasSubstr;

constexpr const char* space = "test";
constexpr double forever_s = 1e9;

class RememberedPieces : public testing::Test {
 protected:
  RememberedPieces() { config_.enabled = true; }

  /// Writes record and memory of a piece at 10 frames per second.
  template <typename TracksAt>
  void write(const Piece& piece, int first, int end, TracksAt tracks_at, const std::vector<Seen>& identities) {
    records_.push_back(write_piece(folder_, piece, first, end, tracks_at, 0, space));
    test::write_memory(records_.back(), config_, {.space = space, .samples = samples_}, identities);
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

TEST_F(RememberedPieces, OfAnotherSpaceAreRefused) {
  const auto alone = [](int) { return tracks({1}); };
  write({1, 2, {0, 2}}, 0, 20, alone, {{1, &ann_}});
  write({2, 2, {1, forever_s}}, 10, 30, alone, {{1, &ann_}});
  records_.back() = write_piece(folder_, {2, 2, {1, forever_s}}, 10, 30, alone, 0, "other");
  EXPECT_THAT(message_of([&] { last_frame(); }),
              HasSubstr("0001.jsonl: it has embeddings of another kind (other, not test)"));
}

TEST_F(RememberedPieces, OfAnotherLengthAreRefused) {
  const auto alone = [](int) { return tracks({1}); };
  const auto both = [](int index) { return index < 22 ? tracks({1}) : tracks({1, 2}); };
  Person small(5, 32);
  write({1, 2, {0, 2}}, 0, 20, alone, {{1, &ann_}});
  write({2, 2, {1, forever_s}}, 10, 30, both, {{1, &small}, {2, &small}});
  EXPECT_THAT(message_of([&] { last_frame(); }),
              HasSubstr("0002.memory: has embeddings of 32 values; those of the pieces before have 64"));
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
