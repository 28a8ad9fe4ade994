#include "pipeline/detect_ahead.hpp"

#include <algorithm>
#include <utility>

#include "core/timed.hpp"

namespace onepass::pipeline {
namespace {

std::optional<BegunFrame> read_from(FrameSource& source) {
  double decode_s = 0;
  auto frame = timed(decode_s, [&] { return source.next(); });
  if (!frame) return std::nullopt;
  return BegunFrame{.frame = std::move(*frame), .finish = {}, .decode_s = decode_s};
}

int threads_for(const Detector& detector) { return std::max(1, detector.frames_at_once()); }

void begin(BegunFrame& begun, Detector& detector) {
  begun.finish = timed(begun.detect_s, [&] { return detector.begin(begun.frame); });
}

}  // namespace

DetectAhead::DetectAhead(FrameSource& source, Detector& detector, std::size_t most)
    : source_(source), detector_(detector), most_(static_cast<std::int64_t>(most) + threads_for(detector) - 1) {
  try {
    for (int i = 0; i < threads_for(detector); ++i) threads_.emplace_back([this] { work(); });
  } catch (...) {  // the system has no more threads
    stop();
    throw;
  }
}

DetectAhead::~DetectAhead() { stop(); }

void DetectAhead::stop() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::optional<BegunFrame> DetectAhead::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return outcomes_.contains(returned_); });
  auto& outcome = outcomes_.at(returned_);
  if (outcome.error) std::rethrow_exception(outcome.error);
  if (!outcome.frame) return std::nullopt;
  auto frame = std::move(outcome.frame);
  outcomes_.erase(returned_++);
  lock.unlock();
  changed_.notify_all();
  return frame;
}

/// Returns false if no more frames are to be read.
bool DetectAhead::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || read_ - returned_ < most_; });
  return !ended_;
}

void DetectAhead::work() {
  while (true) {
    Outcome outcome;
    std::unique_lock reading(reading_);
    if (!wait_for_room()) return;
    const auto number = read_++;
    try {
      outcome.frame = read_from(source_);
      if (outcome.frame) {
        reading.unlock();
        begin(*outcome.frame, detector_);
      }
    } catch (...) {
      outcome = {std::nullopt, std::current_exception()};
    }
    const std::lock_guard lock(mutex_);
    ended_ = ended_ || !outcome.frame;
    outcomes_.emplace(number, std::move(outcome));
    changed_.notify_all();
  }
}

}  // namespace onepass::pipeline
