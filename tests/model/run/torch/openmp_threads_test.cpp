// Tests the threads of LibTorch: their number, their owner and their end.
#include "model/run/torch/openmp_threads.hpp"

#include <omp.h>
#include <algorithm>

#include <filesystem>
#include <iterator>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "support/wait_until.hpp"

namespace onepass::model {
namespace {

int threads_in_a_new_thread() {
  int count = 0;
  std::thread([&] { count = at::get_num_threads(); }).join();
  return count;
}

auto threads_of_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
}

TEST(ComputeScope, SetsTheThreadsOfTheCallingThreadOnly) {
  const int before = at::get_num_threads();
  const int elsewhere = threads_in_a_new_thread();
  {
    const ComputeScope scope(before + 3);
    EXPECT_EQ(at::get_num_threads(), before + 3);
    EXPECT_EQ(threads_in_a_new_thread(), elsewhere);
    {
      const ComputeScope inner(1);
      EXPECT_EQ(at::get_num_threads(), 1);
    }
    EXPECT_EQ(at::get_num_threads(), before + 3);
  }
  EXPECT_EQ(at::get_num_threads(), before);
}

TEST(ComputeScope, CountsInAThreadThatNeverUsedThem) {
  int inside = 0, used = 0;
  std::thread([&] {
    const ComputeScope scope(3);
    inside = at::get_num_threads();
    at::ones({1 << 20}).exp_();  // in parallel: ATen initializes its number of threads at its first use in a thread
    used = at::get_num_threads();
  }).join();
  EXPECT_EQ(inside, 3);
  EXPECT_EQ(used, 3);
}

/// Number of threads when those that are about to end have ended.
auto settled_threads() {
  auto least = threads_of_process();
  for (int i = 0; i < 2000; ++i) {
    std::this_thread::yield();
    least = std::min(least, threads_of_process());
  }
  return least;
}

TEST(SleepingTeam, HasOneThreadMoreThanThereAreCoresWhileItExists) {
  const auto before = settled_threads();
  {
    const SleepingTeam team;
    EXPECT_EQ(threads_of_process(), before + omp_get_num_procs() + 1);
  }
  test::wait_until([&] { return threads_of_process() == before; });  // the kernel removes them a moment later
  EXPECT_EQ(threads_of_process(), before);
}

TEST(SleepingTeam, DoesNotChangeTheThreadsOfOthers) {
  const int before = at::get_num_threads();
  const SleepingTeam team;
  EXPECT_EQ(at::get_num_threads(), before);
  EXPECT_EQ(threads_in_a_new_thread(), before);
}

}  // namespace
}  // namespace onepass::model
