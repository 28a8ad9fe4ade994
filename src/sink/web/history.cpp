#include "sink/web/history.hpp"

namespace onepass::sink {

void History::add(const StreamHealth& health, std::int64_t objects, std::int64_t time_ms) {
  const std::lock_guard lock(mutex_);
  auto& samples = samples_[health.name];
  samples.push_back({time_ms, objects, health.latency.median_ms, health.latency.p95_ms, health.read_rate,
                     health.tracked_rate, health.frames_dropped});
  if (samples.size() > kept_samples) samples.pop_front();
}

std::map<std::string, std::deque<Sample>> History::samples() const {
  const std::lock_guard lock(mutex_);
  return samples_;
}

}  // namespace onepass::sink
