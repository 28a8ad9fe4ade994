#include "onepass/metrics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using Frames = test::LabeledFrames;
constexpr auto box = [](auto... values) { return test::labeled_box(values...); };

SequenceScores evaluate(const Frames& truth, const Frames& result, const EvaluationRules& rules = {}) {
  return evaluate_sequence(test::labeled_sequence(truth), test::labeled_sequence(result), rules);
}

TEST(Metrics, APerfectTrackerScoresOne) {
  const Frames frames{{box(1, 0), box(2, 50)}, {box(1, 1), box(2, 49)}, {box(1, 2), box(2, 48)}};
  const auto scores = evaluate(frames, frames).scores;
  EXPECT_DOUBLE_EQ(mean(scores.hota.hota), 1);
  EXPECT_DOUBLE_EQ(scores.clear.mota, 1);
  EXPECT_DOUBLE_EQ(scores.clear.motp, 1);
  EXPECT_DOUBLE_EQ(scores.identity.f1, 1);
  EXPECT_EQ(scores.clear.mostly_tracked, 2);
  EXPECT_EQ(scores.count.truth_boxes, 6);
}

TEST(Metrics, OneEmptySideIsScoredAsTheOfficialEvaluationDoes) {
  const Frames nothing(2);
  const Frames something(2, {box(1, 0)});
  const auto lost = evaluate(something, nothing).scores;
  EXPECT_EQ(lost.clear.false_negatives, 2);
  EXPECT_EQ(lost.clear.mostly_lost, 1);
  EXPECT_EQ(lost.clear.mostly_lost_ratio, 1);
  EXPECT_EQ(lost.clear.frames, 0);
  EXPECT_EQ(lost.identity.false_negatives, 2);
  EXPECT_EQ(mean(lost.hota.hota), 0);
  EXPECT_EQ(mean(lost.hota.localization), 1);
  const auto invented = evaluate(nothing, something).scores;
  EXPECT_EQ(invented.clear.false_positives, 2);
  EXPECT_EQ(invented.clear.mota, 0);
  EXPECT_EQ(evaluate(nothing, nothing).scores.clear.mota, 0);
}

TEST(Metrics, SequencesCombineByTheirCounts) {
  const Frames truth{{box(1, 0)}, {box(1, 0)}, {box(1, 0)}, {box(1, 0)}};
  const Frames swapped{{box(7, 0)}, {box(7, 0)}, {box(8, 0)}, {box(8, 0)}};
  const auto a = evaluate(truth, swapped).scores;                                 // AssA 1/2, 4 matches
  const auto b = evaluate({{box(1, 0)}, {box(2, 0)}}, {{box(1, 0)}, {}}).scores;  // AssA 1, 1 match, 1 missed
  const auto both = combine(std::vector{a, b});
  EXPECT_EQ(both.clear.false_negatives, 1);
  EXPECT_DOUBLE_EQ(both.clear.mota, 4.0 / 6 - 0);  // 5 found, 1 switch, of 6
  EXPECT_DOUBLE_EQ(both.hota.association_accuracy[0], (4 * 0.5 + 1) / 5);
  EXPECT_DOUBLE_EQ(both.hota.detection_accuracy[0], 5.0 / 6);
  EXPECT_EQ(both.count.frames, 6);
}

TEST(Metrics, ClassesAverageTheirRatiosAndAddTheirCounts) {
  const Frames truth{{box(1, 0)}, {box(1, 0)}};
  const auto perfect = evaluate(truth, truth).scores;
  const auto half = evaluate(truth, {{box(1, 0)}, {}}).scores;
  const auto none = evaluate(Frames(2), Frames(2)).scores;  // undefined
  const auto average = average_classes(std::vector{perfect, half, none});
  EXPECT_DOUBLE_EQ(average.clear.mota, 0.75);
  EXPECT_DOUBLE_EQ(average.identity.f1, (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(average.hota.detection_accuracy[0], 0.75);
  EXPECT_EQ(average.clear.true_positives, 3);
  EXPECT_EQ(average.count.truth_boxes, 4);
}

TEST(Metrics, ASwitchHalfwayByHand) {
  // One identity over four frames, followed by track 7 for two frames and by track 8 for two, boxes exact.
  const Frames truth{{box(1, 0)}, {box(1, 0)}, {box(1, 0)}, {box(1, 0)}};
  const Frames result{{box(7, 0)}, {box(7, 0)}, {box(8, 0)}, {box(8, 0)}};
  const auto evaluated = evaluate(truth, result);
  const auto& [hota, clear, identity, count] = evaluated.scores;
  EXPECT_DOUBLE_EQ(hota.detection_accuracy[0], 1);
  EXPECT_DOUBLE_EQ(hota.association_accuracy[0], 0.5);  // each match: 2 of 4 + 2 - 2 boxes
  EXPECT_DOUBLE_EQ(hota.association_recall[0], 0.5);
  EXPECT_DOUBLE_EQ(hota.association_precision[0], 1);
  EXPECT_DOUBLE_EQ(hota.hota[18], std::sqrt(0.5));
  EXPECT_EQ(clear.identity_switches, 1);
  EXPECT_DOUBLE_EQ(clear.mota, 0.75);
  EXPECT_EQ(clear.fragmentations, 0);
  EXPECT_DOUBLE_EQ(identity.f1, 0.5);
  EXPECT_EQ(identity.true_positives, 2);
  ASSERT_EQ(evaluated.switches.size(), 1U);
  const auto& event = evaluated.switches[0];
  EXPECT_EQ(event.frame, 3);
  EXPECT_EQ(event.truth_id, 1);
  EXPECT_EQ(event.previous_track, 7);
  EXPECT_EQ(event.track, 8);
  EXPECT_EQ(event.frames_before, 2);
  EXPECT_EQ(event.frames_after, 2);
}

}  // namespace
}  // namespace onepass::eval
