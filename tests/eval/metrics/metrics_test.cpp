#include "onepass/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace onepass::eval {
namespace {

using testing::HasSubstr;
using Frames = std::vector<std::vector<LabeledBox>>;

LabeledBox box(std::int64_t id, double left, int class_id = 1, double mark = 1) {
  return {.id = id, .left = left, .top = 0, .width = 10, .height = 10, .class_id = class_id, .score = mark};
}

LabeledSequence sequence(const Frames& frames) {
  LabeledSequence result;
  for (const auto& frame : frames) result.add_frame(frame);
  return result;
}

SequenceScores evaluate(const Frames& truth, const Frames& result, const EvaluationRules& rules = {}) {
  return evaluate_sequence(sequence(truth), sequence(result), rules);
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

TEST(Metrics, OverlapsByHand) {
  // Boxes 10 wide, 5 apart: overlap 50 of 150, a third. Found at the alphas up to 0.30, missed by CLEAR.
  const auto scores = evaluate({{box(1, 0)}}, {{box(1, 5)}}).scores;
  EXPECT_EQ(scores.hota.true_positives[5], 1);
  EXPECT_EQ(scores.hota.true_positives[6], 0);
  EXPECT_DOUBLE_EQ(scores.hota.localization[5], 1.0 / 3);
  EXPECT_DOUBLE_EQ(scores.hota.localization[6], 1);
  EXPECT_EQ(scores.clear.true_positives, 0);
  EXPECT_DOUBLE_EQ(scores.clear.mota, -1);
  EXPECT_EQ(scores.clear.mostly_lost, 1);
}

TEST(Metrics, AMatchIsKeptAgainstABetterOverlap) {
  // In the second frame track 8 overlaps more than track 7, which had been matched before.
  const Frames truth{{box(1, 0)}, {box(1, 0)}};
  const Frames result{{box(7, 0)}, {box(7, 2), box(8, 0)}};
  const auto scores = evaluate(truth, result).scores;
  EXPECT_EQ(scores.clear.identity_switches, 0);
  EXPECT_DOUBLE_EQ(scores.clear.overlap_sum, 1 + 80.0 / 120);
}

TEST(Metrics, FragmentsAndLostIdentities) {
  // Found, lost and found again; and an identity found in one of six frames.
  const Frames truth(6, {box(1, 0), box(2, 50)});
  const Frames result{{box(7, 0)}, {box(8, 200)}, {box(7, 0)}, {box(7, 0), box(9, 50)}, {box(8, 200)}, {box(7, 0)}};
  const auto clear = evaluate(truth, result).scores.clear;
  EXPECT_EQ(clear.fragmentations, 2);
  EXPECT_EQ(clear.identity_switches, 0);
  EXPECT_EQ(clear.partly_tracked, 1);
  EXPECT_EQ(clear.mostly_lost, 1);
}

TEST(Metrics, DistractorsAndZeroMarksAreNeitherRightNorWrong) {
  const EvaluationRules rules{.distractors = {8}};
  const Frames truth{{box(1, 0), box(2, 50, 8), box(3, 100, 1, 0), box(4, 150, 3)}};
  // On a distractor: left out. On a box marked 0, and on a car: false positives.
  const auto scores = evaluate(truth, {{box(1, 0), box(2, 50), box(3, 100), box(4, 150)}}, rules).scores;
  EXPECT_EQ(scores.count.truth_boxes, 1);
  EXPECT_EQ(scores.count.boxes, 3);
  EXPECT_EQ(scores.clear.true_positives, 1);
  EXPECT_EQ(scores.clear.false_positives, 2);
  // MOT15 knows no classes: only marks count.
  const auto mot15 = evaluate(truth, {{box(1, 0), box(2, 50)}}, {.truth_has_classes = false}).scores;
  EXPECT_EQ(mot15.count.truth_boxes, 3);
  EXPECT_EQ(mot15.clear.true_positives, 2);
}

TEST(Metrics, ABoxThatAlsoMatchesAPedestrianIsKept) {
  // The matching is one to one: two tracker boxes near a pedestrian and a distractor on the same spot.
  const EvaluationRules rules{.distractors = {8}};
  const auto scores = evaluate({{box(1, 0), box(2, 1, 8)}}, {{box(1, 0), box(2, 1)}}, rules).scores;
  EXPECT_EQ(scores.count.boxes, 1);
  EXPECT_EQ(scores.clear.true_positives, 1);
}

TEST(Metrics, UnmatchedBoxesInIgnoredRegionsAreLeftOut) {
  const EvaluationRules rules{.ignored = {13}};
  LabeledBox crowd{.id = -1, .left = 100, .top = 0, .width = 100, .height = 100, .class_id = 13};
  const Frames truth{{box(1, 120), crowd, crowd}};  // regions need no ids of their own
  // matched within the region; inside it; 40 % inside it; outside
  const Frames result{{box(1, 120), box(2, 150), box(3, 94), box(4, 0)}};
  const auto scores = evaluate(truth, result, rules).scores;
  EXPECT_EQ(scores.count.boxes, 3);
  EXPECT_EQ(scores.clear.true_positives, 1);
  EXPECT_EQ(scores.clear.false_positives, 2);
}

TEST(Metrics, ResultsWithClassesAreScoredByClass) {
  const Frames truth{{box(1, 0, 1), box(2, 50, 2)}};
  const Frames result{{box(1, 0, 1), box(2, 50, 2), box(3, 100, 2)}};
  const auto cars = evaluate(truth, result, {.result_has_classes = true, .class_id = 2}).scores;
  EXPECT_EQ(cars.count.truth_boxes, 1);
  EXPECT_EQ(cars.count.boxes, 2);
  EXPECT_EQ(cars.clear.true_positives, 1);
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

TEST(Metrics, ARepeatedIdIsAnErrorThatNamesFrameAndId) {
  const auto message_of = [](const Frames& truth, const Frames& result) -> std::string {
    try {
      evaluate(truth, result);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  const Frames good{{box(1, 0)}, {box(1, 0), box(2, 5)}};
  const Frames bad{{box(1, 0)}, {box(4, 0), box(2, 5), box(4, 9), box(2, 5), box(4, 7)}};
  EXPECT_THAT(message_of(good, bad), HasSubstr("frame 2: the result has more than one box with the same id: 2, 4"));
  EXPECT_THAT(message_of(bad, good), HasSubstr("frame 2: ground truth has more than one box with the same id: 2, 4"));
  EXPECT_EQ(message_of(good, good), "");
  EXPECT_THAT(message_of(good, {{}}), HasSubstr("ground truth has 2 frames but the result has 1"));
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
  const auto none = evaluate(Frames(2), Frames(2)).scores;  // says nothing
  const auto average = average_classes(std::vector{perfect, half, none});
  EXPECT_DOUBLE_EQ(average.clear.mota, 0.75);
  EXPECT_DOUBLE_EQ(average.identity.f1, (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(average.hota.detection_accuracy[0], 0.75);
  EXPECT_EQ(average.clear.true_positives, 3);
  EXPECT_EQ(average.count.truth_boxes, 4);
}

}  // namespace
}  // namespace onepass::eval
