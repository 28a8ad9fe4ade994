#include "sink/web/http/worker_pool.hpp"

namespace onepass::sink {

void WorkerPool::enqueue(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.size() < limit_) {
      tasks_.push_back(std::move(task));
      if (idle_ < tasks_.size() && threads_.size() < limit_) threads_.emplace_back([this] { work(); });
      wake_.notify_one();
      return;
    }
  }
  refuse_(task);
}

void WorkerPool::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return ended_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace onepass::sink
