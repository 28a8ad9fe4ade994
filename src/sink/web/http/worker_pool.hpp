// Provides a thread pool with a bounded queue for an HTTP server.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sink/web/http/httplib.hpp"

namespace onepass::sink {

/// Starts threads on demand, up to `limit`, and queues up to `limit` tasks.
class WorkerPool : public httplib::TaskQueue {
 public:
  /// @param refuse called in the thread of enqueue() with a task for which there is no room
  WorkerPool(std::size_t limit, std::function<void(const std::function<void()>&)> refuse)
      : limit_(limit), refuse_(std::move(refuse)) {}

  void enqueue(std::function<void()> task) override;

  /// Finishes the queued tasks and ends the threads.
  void shutdown() override;

 private:
  void work();

  std::size_t limit_;
  std::function<void(const std::function<void()>&)> refuse_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ended_ = false;
};

}  // namespace onepass::sink
