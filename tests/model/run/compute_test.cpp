// Tests the engines' threads: their number, their owner and their end.
#include "model/run/compute.hpp"

#include <filesystem>
#include <iterator>
#include <thread>

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

/// Starts the worker threads of OpenMP.
void run_in_parallel() {
  at::parallel_for(0, 1 << 16, 1, [](std::int64_t, std::int64_t) {});
}

TEST(ComputeScope, SetsTheThreadsOfTheCallingThreadOnly) {
  const int before = at::get_num_threads();
  const int elsewhere = threads_in_a_new_thread();
  {
    const ComputeScope scope({.threads = before + 3});
    EXPECT_EQ(at::get_num_threads(), before + 3);
    EXPECT_EQ(threads_in_a_new_thread(), elsewhere);
    {
      const ComputeScope inner({.threads = 1});
      EXPECT_EQ(at::get_num_threads(), 1);
    }
    EXPECT_EQ(at::get_num_threads(), before + 3);
  }
  EXPECT_EQ(at::get_num_threads(), before);
}

TEST(ComputeScope, CountsInAThreadThatNeverUsedThem) {
  int inside = 0, used = 0;
  std::thread([&] {
    const ComputeScope scope({.threads = 3});
    inside = at::get_num_threads();
    run_in_parallel();  // ATen initializes its number of threads at its first use in a thread
    used = at::get_num_threads();
  }).join();
  EXPECT_EQ(inside, 3);
  EXPECT_EQ(used, 3);
}

TEST(ComputeScope, ReleasesItsWorkersUnlessTheyAreKept) {
  run_in_parallel();
  {
    const ComputeScope scope({.threads = 1});  // releases the existing workers
  }
  const auto before = threads_of_process();
  {
    const ComputeScope scope({.threads = 4, .waiting = Waiting::keep});
    run_in_parallel();
    EXPECT_EQ(threads_of_process(), before + 3);
  }
  EXPECT_EQ(threads_of_process(), before + 3);
  {
    const ComputeScope scope({.threads = 4, .waiting = Waiting::release});
    run_in_parallel();
  }
  test::wait_until([&] { return threads_of_process() == before; });  // the kernel removes them a moment later
  EXPECT_EQ(threads_of_process(), before);
}

TEST(ComputeScope, KeepsTheWorkersUntilTheOutermostScopeEnds) {
  {
    const ComputeScope scope({.threads = 1});  // releases the workers that there are
  }
  const auto before = threads_of_process();
  {
    const ComputeScope outer({.threads = 4});
    {
      const ComputeScope inner({.threads = 4});
      run_in_parallel();
    }
    EXPECT_EQ(threads_of_process(), before + 3);
  }
  test::wait_until([&] { return threads_of_process() == before; });
  EXPECT_EQ(threads_of_process(), before);
}

}  // namespace
}  // namespace onepass::model
