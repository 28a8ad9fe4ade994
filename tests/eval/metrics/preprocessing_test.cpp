#include "eval/metrics/preprocessing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "onepass/metrics.hpp"
#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using testing::HasSubstr;
using Frames = test::LabeledFrames;
constexpr auto box = [](auto... values) { return test::labeled_box(values...); };

SequenceScores evaluate(const Frames& truth, const Frames& result, const EvaluationRules& rules = {}) {
  return evaluate_sequence(test::labeled_sequence(truth), test::labeled_sequence(result), rules);
}

TEST(Preprocessing, DistractorsAndZeroMarksAreNeitherRightNorWrong) {
  const EvaluationRules rules{.distractors = {8}};
  const Frames truth{{box(1, 0), box(2, 50, 8), box(3, 100, 1, 0), box(4, 150, 3)}};
  // On a distractor: left out. On a box marked 0, and on a car: false positives.
  const auto scores = evaluate(truth, {{box(1, 0), box(2, 50), box(3, 100), box(4, 150)}}, rules).scores;
  EXPECT_EQ(scores.count.truth_boxes, 1);
  EXPECT_EQ(scores.count.boxes, 3);
  EXPECT_EQ(scores.clear.true_positives, 1);
  EXPECT_EQ(scores.clear.false_positives, 2);
  // MOT15 has no classes: only the marks count.
  const auto mot15 = evaluate(truth, {{box(1, 0), box(2, 50)}}, {.truth_has_classes = false}).scores;
  EXPECT_EQ(mot15.count.truth_boxes, 3);
  EXPECT_EQ(mot15.clear.true_positives, 2);
}

TEST(Preprocessing, ABoxThatAlsoMatchesAPedestrianIsKept) {
  // The matching is one to one: two tracker boxes near a pedestrian and a distractor on the same spot.
  const EvaluationRules rules{.distractors = {8}};
  const auto scores = evaluate({{box(1, 0), box(2, 1, 8)}}, {{box(1, 0), box(2, 1)}}, rules).scores;
  EXPECT_EQ(scores.count.boxes, 1);
  EXPECT_EQ(scores.clear.true_positives, 1);
}

TEST(Preprocessing, UnmatchedBoxesInIgnoredRegionsAreLeftOut) {
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

TEST(Preprocessing, ResultsWithClassesAreScoredByClass) {
  const Frames truth{{box(1, 0, 1), box(2, 50, 2)}};
  const Frames result{{box(1, 0, 1), box(2, 50, 2), box(3, 100, 2)}};
  const auto cars = evaluate(truth, result, {.result_has_classes = true, .class_id = 2}).scores;
  EXPECT_EQ(cars.count.truth_boxes, 1);
  EXPECT_EQ(cars.count.boxes, 2);
  EXPECT_EQ(cars.clear.true_positives, 1);
}

TEST(Preprocessing, ARepeatedIdIsAnErrorThatNamesFrameAndId) {
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

}  // namespace
}  // namespace onepass::eval
