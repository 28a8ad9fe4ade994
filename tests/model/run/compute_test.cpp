#include "model/run/compute.hpp"

#include <tuple>

#include <gtest/gtest.h>

namespace onepass::model {
namespace {

TEST(PassMode, SharedPassesDivideTheThreads) {
  EXPECT_EQ(threads_of_pass(6, PassMode::alone), 6);
  for (const auto& [threads, passes, each] : {std::tuple{1, 1, 1}, {2, 2, 1}, {8, 8, 1}, {12, 6, 2}, {64, 8, 8}}) {
    EXPECT_EQ(shared_passes(threads), passes) << threads;
    EXPECT_EQ(threads_of_pass(threads, PassMode::shared), each) << threads;
  }
}

}  // namespace
}  // namespace onepass::model
