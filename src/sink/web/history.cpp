#include "sink/web/history.hpp"

namespace onepass::sink {

void History::add(const StreamHealth& health, std::int64_t objects, std::int64_t time_ms,
                  const std::map<std::string, std::int64_t>& occupancy) {
  const std::lock_guard lock(mutex_);
  auto& samples = samples_[health.name];
  samples.push_back({time_ms, objects, health.latency.median_ms, health.latency.p95_ms, health.read_rate,
                     health.tracked_rate, health.frames_dropped});
  if (samples.size() > kept_samples) samples.pop_front();
  auto& zones = occupancy_[health.name];
  std::erase_if(zones, [&](const auto& zone) { return !occupancy.contains(zone.first); });
  for (const auto& [zone, inside] : occupancy) {
    zones[zone].push_back({time_ms, inside});
    if (zones[zone].size() > kept_samples) zones[zone].pop_front();
  }
  if (zones.empty()) occupancy_.erase(health.name);
}

std::map<std::string, std::deque<Sample>> History::samples() const {
  const std::lock_guard lock(mutex_);
  return samples_;
}

std::map<std::string, Occupancy> History::occupancy() const {
  const std::lock_guard lock(mutex_);
  return occupancy_;
}

}  // namespace onepass::sink
