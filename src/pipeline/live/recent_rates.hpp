// Measures event rates over the last seconds and latencies over the last frames.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <vector>

#include "onepass/stream_health.hpp"

namespace onepass::pipeline {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Events per second over the last five seconds, or since the first event if that was later.
class RecentRate {
 public:
  void count(SteadyTime now) {
    if (times_.empty() && total_ == 0) first_ = now;
    ++total_;
    times_.push_back(now);
    forget(now);
  }

  double per_second(SteadyTime now) const {
    if (total_ == 0) return 0;
    const auto recent = std::ranges::count_if(times_, [&](SteadyTime time) { return now - time <= window; });
    const double watched_s =
        std::chrono::duration<double>(std::clamp<SteadyTime::duration>(now - first_, std::chrono::seconds(1), window))
            .count();
    return static_cast<double>(recent) / watched_s;
  }

 private:
  static constexpr std::chrono::seconds window{5};

  void forget(SteadyTime now) {
    while (now - times_.front() > window) times_.pop_front();
  }

  std::deque<SteadyTime> times_;
  SteadyTime first_;
  std::int64_t total_ = 0;
};

/// The latencies of the last 500 frames.
class RecentLatencies {
 public:
  void add(double latency_ms) {
    if (values_.size() == most) values_.pop_front();
    values_.push_back(latency_ms);
  }

  /// Nearest-rank percentiles.
  LatencySummary summary() const {
    if (values_.empty()) return {};
    std::vector<double> sorted(values_.begin(), values_.end());
    std::ranges::sort(sorted);
    const auto at = [&](double share) {
      const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
      return sorted[std::max<std::size_t>(rank, 1) - 1];
    };
    return {at(0.5), at(0.95), sorted.back()};
  }

 private:
  static constexpr std::size_t most = 500;
  std::deque<double> values_;
};

}  // namespace onepass::pipeline
