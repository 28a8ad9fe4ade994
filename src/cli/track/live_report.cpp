#include "cli/track/live_report.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/progress.hpp"
#include "core/printable.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::cli {

std::vector<StreamHealth> health_of(const std::vector<LiveChannel>& channels) {
  std::vector<StreamHealth> result;
  for (const auto& channel : channels) result.push_back(channel.stream->health());
  return result;
}

std::string progress_text(const std::vector<StreamHealth>& streams) {
  std::string line;
  for (const auto& stream : streams) {
    if (!line.empty()) line += " | ";
    line += stream.name + ": ";
    if (stream.state == StreamState::streaming) {
      line +=
          fmt::format("{:.1f} of {:.1f} fps, {:.0f} ms", stream.tracked_rate, stream.read_rate, stream.latency.p95_ms);
    } else {
      line += to_string(stream.state);
    }
    line += errors_text(stream.errors);
  }
  return line;
}

std::string summary(const LiveChannel& channel, double seconds) {
  const auto health = channel.stream->health();
  auto text = fmt::format("{}: {} of {} frames tracked in {:.1f} s ({:.1f} fps), {} dropped", printable(health.name),
                          health.frames_tracked, health.frames_read, seconds,
                          static_cast<double>(health.frames_tracked) / seconds, health.frames_dropped);
  if (health.reconnects > 0) text += fmt::format(", {} reconnects", health.reconnects);
  text +=
      fmt::format(", {} ids{}\n", channel.tracker ? channel.tracker->identity_count() : 0, errors_text(health.errors));
  if (health.frames_tracked > 0) {
    text += fmt::format("  latency from arrival to tracks written: median {:.0f}, p95 {:.0f}, max {:.0f} ms\n",
                        health.latency.median_ms, health.latency.p95_ms, health.latency.max_ms);
  }
  return text;
}

void require_no_failure(const std::vector<LiveChannel>& channels, const std::vector<pipeline::Camera>& cameras) {
  std::vector<std::string> failures;
  bool temporary = true;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto reason = channels[i].stream->failure();
    if (!reason) continue;
    failures.push_back(cameras[i].name + ": " + *reason);
    temporary = temporary && channels[i].stream->reason_is_temporary();
  }
  if (failures.empty()) return;
  const auto message = channels.size() == 1 ? failures.front()
                                            : fmt::format("{} of {} cameras failed: {}", failures.size(),
                                                          channels.size(), fmt::join(failures, "; "));
  if (temporary) throw TemporaryError(message);
  throw std::runtime_error(message);
}

}  // namespace onepass::cli
