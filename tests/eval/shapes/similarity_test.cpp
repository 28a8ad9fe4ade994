#include "eval/shapes/similarity.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "onepass/shape_geometry.hpp"
#include "onepass/shape_metrics.hpp"
#include "support/message_of.hpp"

namespace onepass::eval {
namespace {

Shape masked(const cv::Rect& region) {
  cv::Mat picture = cv::Mat::zeros(10, 10, CV_8UC1);
  picture(region) = 255;
  return {to_mask(picture), {}, {}};
}

TEST(Similarity, IsThatOfMasksFirst) {
  auto a = masked({0, 0, 4, 4}), b = masked({2, 0, 4, 4});
  a.rotated = b.rotated = RotatedBox{5, 5, 4, 4, 0};
  EXPECT_DOUBLE_EQ(similarity(a, b), 8.0 / 24);
  b.mask = {};
  EXPECT_NEAR(similarity(a, b), 1, 1e-9);
  b.rotated.reset();
  EXPECT_EQ(similarity(a, b), 0);
}

TEST(CoveredShare, CountsPixelsOnce) {
  const auto shape = masked({0, 0, 4, 4}), left = masked({0, 0, 2, 10}), top = masked({0, 0, 10, 1});
  EXPECT_EQ(covered_share(shape, {}), 0);
  const std::vector<const Shape*> both{&left, &top};
  EXPECT_DOUBLE_EQ(covered_share(shape, both), 10.0 / 16);
  EXPECT_EQ(covered_share(Shape{}, both), 0);
}

TEST(EvaluateShapes, ScoresMasksWhoseBoxesAreTheSame) {
  // Two triangles that fill their box together: equal boxes, disjoint masks.
  cv::Mat upper = cv::Mat::zeros(10, 10, CV_8UC1);
  for (int y = 0; y < 10; ++y) upper.row(y).colRange(y, 10) = 255;
  const cv::Mat lower = ~upper;
  ShapedSequence truth, result;
  const std::vector<LabeledBox> one{{1, 0, 0, 10, 10}};
  for (auto* sequence : {&truth, &result}) {
    sequence->labels.add_frame(one);
    sequence->labels.add_frame(one);
  }
  truth.shapes = {{to_mask(upper), {}, {}}, {to_mask(upper), {}, {}}};
  result.shapes = {{to_mask(upper), {}, {}}, {to_mask(lower), {}, {}}};
  const EvaluationRules rules{.truth_has_classes = false};
  const auto scores = evaluate_shapes(truth, result, rules).scores;
  EXPECT_EQ(scores.clear.true_positives, 1);
  EXPECT_EQ(scores.clear.false_positives, 1);
  EXPECT_DOUBLE_EQ(scores.clear.motp, 1);
  EXPECT_DOUBLE_EQ(scores.clear.smota, 0);
  result.shapes.pop_back();
  EXPECT_EQ(test::message_of([&] { evaluate_shapes(truth, result, rules); }), "result: 1 shapes for 2 boxes");
}

}  // namespace
}  // namespace onepass::eval
