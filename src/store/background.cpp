#include "store/background.hpp"

#include <thread>
#include <utility>

namespace onepass::store {

bool Pace::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [this] { return awake_ || stopping_; });
  awake_ = false;
  return !stopping_;
}

bool Pace::rest(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [this] { return stopping_; });
  return !stopping_;
}

bool Pace::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Pace::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  changed_.notify_all();
}

Background::Background(std::function<void(Pace& pace)> work) : pace_(std::make_shared<Pace>()) {
  std::thread([work = std::move(work), pace = pace_] {
    work(*pace);
    {
      const std::lock_guard lock(pace->mutex_);
      pace->ended_ = true;
    }
    pace->changed_.notify_all();
  }).detach();
}

bool Background::stop(std::chrono::milliseconds longest) {
  std::unique_lock lock(pace_->mutex_);
  pace_->stopping_ = true;
  pace_->changed_.notify_all();
  return pace_->changed_.wait_for(lock, longest, [this] { return pace_->ended_; });
}

}  // namespace onepass::store
