#include "pipeline/live/backoff.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(Backoff, DoublesUpToTheLongestAndScatters) {
  using Pause = Backoff::Pause;
  Backoff backoff(Pause(1), Pause(10), "gate");
  const double full[] = {1, 2, 4, 8, 10, 10};
  for (const double longest : full) {
    const double pause = backoff.next().count();
    EXPECT_LE(pause, longest);
    EXPECT_GE(pause, longest / 2);
  }
  backoff.reset();
  EXPECT_LE(backoff.next().count(), 1);
}

TEST(Backoff, ChanceFollowsFromTheName) {
  using Pause = Backoff::Pause;
  Backoff a(Pause(1), Pause(10), "gate");
  Backoff again(Pause(1), Pause(10), "gate");
  Backoff other(Pause(1), Pause(10), "yard");
  const auto first = a.next();
  EXPECT_EQ(first, again.next());
  EXPECT_NE(first, other.next());
}

}  // namespace
}  // namespace onepass::pipeline
