#include "pipeline/file_health.hpp"

#include <chrono>
#include <utility>

namespace onepass::pipeline {

FileHealth::FileHealth(const std::vector<std::string>& names) {
  for (const auto& name : names) recorders_.emplace_back().health.name = name;
}

void FileHealth::begin(std::size_t file) {
  const std::lock_guard lock(mutex_);
  recorders_[file].health.state = StreamState::streaming;
  busy_s_ = 0;
}

void FileHealth::update(std::size_t file, const RunStatistics& statistics) {
  const double busy_s =
      statistics.decode_s + statistics.detect_s + statistics.embed_s + statistics.track_s + statistics.write_s;
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  recorders_[file].health.errors = statistics.errors;
  recorders_[file].count_read(now);
  recorders_[file].count_tracked(now, 1000 * (busy_s - std::exchange(busy_s_, busy_s)));
}

void FileHealth::end(std::size_t file, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  recorders_[file].health.state = StreamState::ended;
  recorders_[file].health.reason = reason;
}

std::vector<StreamHealth> FileHealth::streams() const {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  std::vector<StreamHealth> result;
  for (const auto& recorder : recorders_) {
    const auto state = recorder.health.state;
    if (state == StreamState::connecting) continue;
    result.push_back(state == StreamState::ended ? recorder.health : recorder.summary(now));
  }
  return result;
}

}  // namespace onepass::pipeline
