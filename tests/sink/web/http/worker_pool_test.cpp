#include "sink/web/http/worker_pool.hpp"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

TEST(WorkerPool, RefusesTasksBeyondItsQueueAndFinishesTheOthers) {
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::promise<void> begun;
  std::atomic<int> done = 0;
  int refused = 0;
  WorkerPool pool(1, [&](const auto&) { ++refused; });
  pool.enqueue([&] {
    begun.set_value();
    released.wait();
    ++done;
  });
  begun.get_future().wait();  // the only thread is busy
  pool.enqueue([&] { ++done; });
  EXPECT_EQ(refused, 0);
  pool.enqueue([&] { ++done; });  // the queue is full
  EXPECT_EQ(refused, 1);
  release.set_value();
  pool.shutdown();
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace onepass::sink
