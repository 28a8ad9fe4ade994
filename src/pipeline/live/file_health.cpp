#include "pipeline/live/file_health.hpp"

#include <algorithm>

namespace onepass::pipeline {
namespace {

constexpr std::size_t recent_latencies = 200;
constexpr std::chrono::seconds rate_window{3};

/// Returns the nearest-rank quantile of the sorted values; `share` is in [0, 1].
double quantile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5);
  return sorted[rank];
}

LatencySummary summary_of(const std::deque<double>& latencies_ms) {
  if (latencies_ms.empty()) return {};
  std::vector<double> sorted(latencies_ms.begin(), latencies_ms.end());
  std::ranges::sort(sorted);
  return {quantile(sorted, 0.5), quantile(sorted, 0.95), sorted.back()};
}

}  // namespace

FileHealth::FileHealth(const std::vector<std::string>& names) {
  for (const auto& name : names) streams_.emplace_back().name = name;
}

void FileHealth::begin(std::size_t file) {
  const std::lock_guard lock(mutex_);
  streams_[file].state = StreamState::streaming;
  recent_frames_.clear();
  latencies_ms_.clear();
  busy_s_ = 0;
}

void FileHealth::update(std::size_t file, const RunStatistics& statistics) {
  const auto now = Clock::now();
  const double busy_s =
      statistics.decode_s + statistics.detect_s + statistics.embed_s + statistics.track_s + statistics.write_s;
  const std::lock_guard lock(mutex_);
  auto& stream = streams_[file];
  stream.frames_read = stream.frames_tracked = statistics.frames;
  latencies_ms_.push_back(1000 * (busy_s - busy_s_));
  if (latencies_ms_.size() > recent_latencies) latencies_ms_.pop_front();
  busy_s_ = busy_s;
  recent_frames_.push_back(now);
  while (now - recent_frames_.front() > rate_window) recent_frames_.pop_front();
}

void FileHealth::end(std::size_t file, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  streams_[file].state = StreamState::ended;
  streams_[file].reason = reason;
}

std::vector<StreamHealth> FileHealth::streams() const {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  auto streams = streams_;
  std::erase_if(streams, [](const auto& stream) { return stream.state == StreamState::connecting; });
  for (auto& stream : streams) {
    if (stream.state != StreamState::streaming) continue;
    stream.latency = summary_of(latencies_ms_);
    if (recent_frames_.empty()) continue;
    const double span_s = std::chrono::duration<double>(now - recent_frames_.front()).count();
    stream.read_rate = stream.tracked_rate = static_cast<double>(recent_frames_.size()) / std::max(span_s, 0.2);
  }
  return streams;
}

}  // namespace onepass::pipeline
