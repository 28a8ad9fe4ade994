#include "eval/benchmark/true_identities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/metrics.hpp"
#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using test::labeled_box;
using test::labeled_sequence;

std::vector<std::int64_t> ids_of(const LabeledSequence& sequence) {
  std::vector<std::int64_t> ids;
  for (const auto& box : sequence.boxes) ids.push_back(box.id);
  return ids;
}

TEST(TrueIdentities, EveryMatchedBoxGetsOneIdentityPerPerson) {
  const auto truth =
      labeled_sequence({{labeled_box(7, 0), labeled_box(8, 100)}, {labeled_box(8, 100), labeled_box(7, 0)}});
  // The tracker swaps the two, and has a false positive that keeps its id.
  const auto result = labeled_sequence({{labeled_box(1, 1), labeled_box(2, 101), labeled_box(3, 500)},
                                        {labeled_box(2, 1), labeled_box(1, 101), labeled_box(3, 500)}});
  const auto ids = ids_of(with_true_identities(truth, result, 0.5));
  ASSERT_EQ(ids.size(), 6U);
  EXPECT_EQ(ids[0], ids[3]);
  EXPECT_EQ(ids[1], ids[4]);
  EXPECT_EQ(ids[2], ids[5]);
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_NE(ids[0], ids[2]);
  EXPECT_NE(ids[1], ids[2]);
}

TEST(TrueIdentities, MatchesAreOneToOneWithTheLargestTotalOverlap) {
  const auto truth = labeled_sequence({{labeled_box(1, 0), labeled_box(2, 3)}});
  const auto result = labeled_sequence({{labeled_box(5, 2), labeled_box(6, 3)}});
  const auto ids = ids_of(with_true_identities(truth, result, 0.5));
  EXPECT_EQ(ids[0], 2 * 1);  // IoU 8/12 with the first truth box; the other result covers the second exactly
  EXPECT_EQ(ids[1], 2 * 2);
}

TEST(TrueIdentities, TooLittleOverlapIsNoMatch) {
  const auto truth = labeled_sequence({{labeled_box(1, 0)}});
  const auto ids = ids_of(with_true_identities(truth, labeled_sequence({{labeled_box(1, 4)}}), 0.5));  // IoU 6/14
  EXPECT_EQ(ids[0], 3);
}

TEST(TrueIdentities, TheCeilingHasPerfectAssociationAndTheSameDetections) {
  test::LabeledFrames truth_frames, result_frames;
  for (int i = 0; i < 20; ++i) {
    truth_frames.push_back({labeled_box(1, 0), labeled_box(2, 50)});
    result_frames.push_back({labeled_box(10 + i, 0)});  // a new id in every frame, and the other person is missed
  }
  const auto truth = labeled_sequence(truth_frames);
  const auto result = labeled_sequence(result_frames);
  const auto before = evaluate_sequence(truth, result).scores;
  const auto ceiling = evaluate_sequence(truth, with_true_identities(truth, result, 0.5)).scores;
  EXPECT_NEAR(mean(before.hota.association_accuracy), 1.0 / 20, 1e-12);
  EXPECT_NEAR(mean(ceiling.hota.association_accuracy), 1, 1e-12);
  EXPECT_NEAR(mean(ceiling.hota.detection_accuracy), mean(before.hota.detection_accuracy), 1e-12);
  EXPECT_NEAR(ceiling.identity.f1, 20 / (20 + 0.5 * 20), 1e-12);
  EXPECT_EQ(ceiling.clear.identity_switches, 0);
}

TEST(TrueIdentities, RefusesSequencesOfDifferentLength) {
  EXPECT_THROW(with_true_identities(labeled_sequence({{}}), labeled_sequence({{}, {}}), 0.5), std::invalid_argument);
}

}  // namespace
}  // namespace onepass::eval
