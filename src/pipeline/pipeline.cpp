#include "onepass/pipeline.hpp"

#include <algorithm>
#include <optional>

#include "core/timed.hpp"
#include "pipeline/channel.hpp"
#include "pipeline/first_error.hpp"
#include "pipeline/read_ahead.hpp"

namespace onepass {
namespace {

bool stop_requested(const Sinks& sinks, const RunOptions& options) {
  return std::ranges::any_of(sinks, [](const auto& sink) { return sink->wants_stop(); }) || options.stop();
}

/// Reads frames from the source, decoding ahead as set in the options. Live sources are not read ahead: buffered frames
/// would be stale.
class Frames {
 public:
  Frames(FrameSource& source, const RunOptions& options) : source_(source) {
    if (options.read_ahead > 0 && !source.info().live) ahead_.emplace(source, options.read_ahead);
  }
  std::optional<Frame> next() { return ahead_ ? ahead_->next() : source_.next(); }

 private:
  FrameSource& source_;
  std::optional<pipeline::ReadAhead> ahead_;
};

void track_all(FrameSource& source, pipeline::Channel& channel, const RunOptions& options) {
  auto& statistics = channel.statistics;
  Frames frames(source, options);
  while (!(statistics.stopped = stop_requested(channel.sinks, options))) {
    const auto frame = timed(statistics.decode_s, [&] { return frames.next(); });
    if (!frame) break;
    statistics.errors = source.errors();
    options.observe(*frame, channel.step(*frame));
    options.progress(statistics);
  }
  statistics.errors = source.errors();
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
