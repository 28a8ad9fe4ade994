#include "onepass/pipeline.hpp"

#include <algorithm>
#include <optional>

#include "core/timed.hpp"
#include "pipeline/channel.hpp"
#include "pipeline/detect_ahead.hpp"
#include "pipeline/first_error.hpp"

namespace onepass {
namespace {

bool stop_requested(const Sinks& sinks, const RunOptions& options) {
  return std::ranges::any_of(sinks, [](const auto& sink) { return sink->wants_stop(); }) || options.stop();
}

/// Reads and detects frames ahead, as set in the options.
void track_ahead(FrameSource& source, pipeline::Channel& channel, const RunOptions& options) {
  auto& statistics = channel.statistics;
  pipeline::DetectAhead ahead(source, channel.detector, options.read_ahead);
  while (!(statistics.stopped = stop_requested(channel.sinks, options))) {
    const auto begun = ahead.next();
    if (!begun) break;
    statistics.decode_s += begun->decode_s;
    statistics.detect_s += begun->detect_s;
    statistics.errors = source.errors();
    options.observe(begun->frame, channel.step(begun->frame, begun->finish));
    options.progress(statistics);
  }
  statistics.errors = source.errors();
}

void track_in_turn(FrameSource& source, pipeline::Channel& channel, const RunOptions& options) {
  auto& statistics = channel.statistics;
  while (!(statistics.stopped = stop_requested(channel.sinks, options))) {
    const auto frame = timed(statistics.decode_s, [&] { return source.next(); });
    if (!frame) break;
    statistics.errors = source.errors();
    options.observe(*frame, channel.step(*frame));
    options.progress(statistics);
  }
  statistics.errors = source.errors();
}

/// Live sources are not read ahead: buffered frames would be stale.
void track_all(FrameSource& source, pipeline::Channel& channel, const RunOptions& options) {
  const bool ahead = options.read_ahead > 0 && !source.info().live;
  ahead ? track_ahead(source, channel, options) : track_in_turn(source, channel, options);
}

}  // namespace

void close_all(Sinks& sinks) {
  pipeline::FirstError error;
  for (auto& sink : sinks) error.attempt([&] { sink->close(); });
  error.rethrow();
}

RunStatistics run(FrameSource& source, Detector& detector, Tracker& tracker, Sinks& sinks, const RunOptions& options) {
  pipeline::Channel channel(detector, tracker, sinks);
  auto& statistics = channel.statistics;
  timed(statistics.total_s, [&] {
    pipeline::FirstError error;
    error.attempt([&] { track_all(source, channel, options); });
    const bool keeps_output = !error || statistics.frames > 0;
    if (keeps_output) timed(statistics.write_s, [&] { error.attempt([&] { close_all(sinks); }); });
    error.rethrow();
  });
  return statistics;
}

}  // namespace onepass
