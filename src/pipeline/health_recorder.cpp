#include "pipeline/health_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace onepass::pipeline {
namespace {

constexpr std::chrono::seconds window{5};
constexpr std::size_t most_latencies = 500;

}  // namespace

void RecentRate::count(SteadyTime now) {
  if (total_++ == 0) first_ = now;
  times_.push_back(now);
  while (now - times_.front() > window) times_.pop_front();
}

double RecentRate::per_second(SteadyTime now) const {
  if (total_ == 0) return 0;
  const auto recent = std::ranges::count_if(times_, [&](SteadyTime time) { return now - time <= window; });
  const std::chrono::duration<double> watched =
      std::clamp<SteadyTime::duration>(now - first_, std::chrono::seconds(1), window);
  return static_cast<double>(recent) / watched.count();
}

void RecentLatencies::add(double latency_ms) {
  if (values_.size() == most_latencies) values_.pop_front();
  values_.push_back(latency_ms);
}

LatencySummary RecentLatencies::summary() const {
  if (values_.empty()) return {};
  std::vector<double> sorted(values_.begin(), values_.end());
  std::ranges::sort(sorted);
  const auto at = [&](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
    return sorted[std::max<std::size_t>(rank, 1) - 1];
  };
  return {at(0.5), at(0.95), sorted.back()};
}

void HealthRecorder::count_read(SteadyTime now) {
  ++health.frames_read;
  read_rate_.count(now);
}

void HealthRecorder::count_tracked(SteadyTime now, double latency_ms) {
  ++health.frames_tracked;
  tracked_rate_.count(now);
  latencies_.add(latency_ms);
}

StreamHealth HealthRecorder::summary(SteadyTime now) const {
  auto result = health;
  result.read_rate = read_rate_.per_second(now);
  result.tracked_rate = tracked_rate_.per_second(now);
  result.latency = latencies_.summary();
  return result;
}

}  // namespace onepass::pipeline
