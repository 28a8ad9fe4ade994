#include "eval/benchmark/true_origins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/labeled.hpp"

namespace onepass::eval {
namespace {

using test::labeled_box;
using test::labeled_sequence;

TEST(TrueOrigins, NameTheTrackThatWasOnTheObjectBefore) {
  const auto both = std::vector{labeled_box(1, 0), labeled_box(2, 100)};
  const auto truth = labeled_sequence({both, both, both, both});
  const auto result = labeled_sequence({{labeled_box(5, 0), labeled_box(6, 100)},
                                        {labeled_box(6, 100)},
                                        {labeled_box(7, 0), labeled_box(6, 100)},    // 5 is lost
                                        {labeled_box(8, 100), labeled_box(6, 0)}});  // 6 has moved to the other
  const auto origins = true_origins(truth, result, 0.5);
  ASSERT_EQ(origins.size(), 2U);
  EXPECT_EQ(origins[0].id, 7);
  EXPECT_EQ(origins[0].previous, 5);
  EXPECT_EQ(origins[0].last_frame, 0);
  EXPECT_FALSE(origins[0].elsewhere);
  EXPECT_EQ(origins[1].id, 8);
  EXPECT_EQ(origins[1].previous, 6);
  EXPECT_EQ(origins[1].last_frame, 2);
  EXPECT_TRUE(origins[1].elsewhere);
}

TEST(TrueOrigins, NoneForTheFirstTrackOfAnObjectOrForFalsePositives) {
  const auto truth = labeled_sequence({{labeled_box(1, 0)}, {labeled_box(1, 0)}});
  EXPECT_TRUE(true_origins(truth, labeled_sequence({{labeled_box(5, 0)}, {labeled_box(5, 0)}}), 0.5).empty());
  EXPECT_TRUE(true_origins(truth, labeled_sequence({{labeled_box(5, 0)}, {labeled_box(9, 500)}}), 0.5).empty());
}

}  // namespace
}  // namespace onepass::eval
