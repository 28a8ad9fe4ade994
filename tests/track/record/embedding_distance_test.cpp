#include "track/record/embedding_distance.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

TEST(AppearanceDistance, RunsFromEqualToOpposite) {
  const Embedding x = Embedding::Unit(4, 0);
  const Embedding y = Embedding::Unit(4, 1);
  EXPECT_DOUBLE_EQ(appearance_distance(x, x), 0);
  EXPECT_DOUBLE_EQ(appearance_distance(x, y), 0.5);
  EXPECT_DOUBLE_EQ(appearance_distance(x, -x), 1);
}

}  // namespace
}  // namespace onepass::track
