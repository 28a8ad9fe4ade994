#include "eval/metrics/overlaps.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using test::labeled_box;

TEST(Overlaps, AreThoseOfAllPairsThatIntersect) {
  const std::vector truth{labeled_box(1, 0), labeled_box(2, 8)};
  const std::vector result{labeled_box(1, 5), labeled_box(2, 10), labeled_box(3, 30)};
  std::vector<Overlap> overlaps;
  append_overlaps(truth, result, overlaps);
  ASSERT_EQ(overlaps.size(), 3U);  // boxes that only touch do not overlap
  EXPECT_EQ(overlaps[0].row, 0);
  EXPECT_EQ(overlaps[0].column, 0);
  EXPECT_DOUBLE_EQ(overlaps[0].iou, 50.0 / 150);
  EXPECT_DOUBLE_EQ(overlaps[1].iou, 70.0 / 130);
  EXPECT_EQ(overlaps[2].column, 1);
  EXPECT_DOUBLE_EQ(overlaps[2].iou, 80.0 / 120);
}

TEST(Overlaps, EmptyBoxesHaveNone) {
  auto flat = labeled_box(1, 0);
  flat.height = 0;
  std::vector<Overlap> overlaps;
  append_overlaps(std::vector{flat}, std::vector{labeled_box(1, 0)}, overlaps);
  append_overlaps(std::vector{labeled_box(1, 0)}, std::vector{flat}, overlaps);
  EXPECT_TRUE(overlaps.empty());
}

TEST(Overlaps, OfBoxesSmallerThanAPixelAreExactToo) {
  const LabeledBox tiny{.id = 1, .width = 1e-6, .height = 1e-6};
  std::vector<Overlap> overlaps;
  append_overlaps(std::vector{tiny}, std::vector{tiny}, overlaps);
  ASSERT_EQ(overlaps.size(), 1U);
  EXPECT_DOUBLE_EQ(overlaps[0].iou, 1);
}

}  // namespace
}  // namespace onepass::eval
