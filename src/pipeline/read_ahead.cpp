#include "pipeline/read_ahead.hpp"

#include <utility>

namespace onepass::pipeline {

ReadAhead::ReadAhead(FrameSource& source, std::size_t most)
    : source_(source), most_(most), thread_([this] { read_all(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<Frame> ReadAhead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return finished_ || !frames_.empty(); });
  if (frames_.empty()) {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::nullopt;
  }
  Frame frame = std::move(frames_.front());
  frames_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return frame;
}

void ReadAhead::read_all() {
  std::unique_lock lock(mutex_);
  while (!finished_) {
    changed_.wait(lock, [this] { return stopping_ || frames_.size() < most_; });
    if (stopping_) return;
    lock.unlock();
    std::optional<Frame> frame;
    std::exception_ptr error;
    try {
      frame = source_.next();
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    error_ = error;
    finished_ = !frame;
    if (frame) frames_.push_back(std::move(*frame));
    changed_.notify_all();
  }
}

}  // namespace onepass::pipeline
