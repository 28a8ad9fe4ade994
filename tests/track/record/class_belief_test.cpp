#include "track/record/class_belief.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

TEST(ClassBelief, ChangesWhenTheEvidenceExceedsTheMargin) {
  ClassBelief belief(2, 0.9);
  belief.observe(7, 0.9, 1.5);
  EXPECT_EQ(belief.class_id(), 2) << "0.9 against 0.81";
  belief.observe(7, 0.9, 1.5);
  EXPECT_EQ(belief.class_id(), 7) << "0.9 + 0.81 against 1.5 * 0.729";
}

TEST(ClassBelief, KeepsTheFourClassesWithTheMostEvidence) {
  ClassBelief belief(0, 1);
  for (const int other : {1, 2, 3}) belief.observe(other, 0.2, 1.5);
  belief.observe(4, 0.2, 1.5);  // takes the place of class 1, which has 0.2 * 0.9^3
  EXPECT_EQ(belief.class_id(), 0) << "0.9^4 of the first is left";
  belief.observe(1, 0.7, 1.1);  // restarts, against 0.9^5 = 0.59
  EXPECT_EQ(belief.class_id(), 1);
}

}  // namespace
}  // namespace onepass::track
