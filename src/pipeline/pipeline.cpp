#include "onepass/pipeline.hpp"

#include <chrono>
#include <exception>
#include <optional>

#include "pipeline/read_ahead.hpp"

namespace onepass {
namespace {

/// Runs a step and adds its duration in seconds to `total`.
template <typename Step>
auto timed(double& total, Step step) {
  struct Timer {
    explicit Timer(double& seconds) : total(seconds) {}
    ~Timer() { total += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }
    double& total;
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  } timer(total);
  return step();
}

bool stop_requested(const Sinks& sinks, const RunOptions& options) {
  for (const auto& sink : sinks) {
    if (sink->wants_stop()) return true;
  }
  return options.stop();
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

void track_all(FrameSource& source, Detector& detector, Tracker& tracker, Sinks& sinks, const RunOptions& options,
               RunStatistics& statistics) {
  const auto* embedder = detector.embedder();
  const double embed_before_s = embedder ? embedder->seconds() : 0;
  double detect_and_embed_s = 0;
  Frames frames(source, options);
  if (embedder) tracker.expect(embedder->distances());
  while (!(statistics.stopped = stop_requested(sinks, options))) {
    const auto frame = timed(statistics.decode_s, [&] { return frames.next(); });
    if (!frame) break;
    const auto detections = timed(detect_and_embed_s, [&] { return detector.detect(*frame); });
    const auto tracks = timed(statistics.track_s, [&] { return tracker.update(detections, *frame); });
    timed(statistics.write_s, [&] {
      for (auto& sink : sinks) sink->write(*frame, tracks);
    });
    ++statistics.frames;
    statistics.identities = tracker.identity_count();
    if (embedder) statistics.embed_s = embedder->seconds() - embed_before_s;
    statistics.detect_s = detect_and_embed_s - statistics.embed_s;
    options.progress(statistics);
  }
}

}  // namespace

void close_all(Sinks& sinks) {
  std::exception_ptr first_error;
  for (auto& sink : sinks) {
    try {
      sink->close();
    } catch (...) {
      if (!first_error) first_error = std::current_exception();
    }
  }
  if (first_error) std::rethrow_exception(first_error);
}

RunStatistics run(FrameSource& source, Detector& detector, Tracker& tracker, Sinks& sinks, const RunOptions& options) {
  RunStatistics statistics;
  timed(statistics.total_s, [&] {
    try {
      track_all(source, detector, tracker, sinks, options, statistics);
    } catch (...) {
      const auto error = std::current_exception();
      try {
        if (statistics.frames > 0) close_all(sinks);  // keeps the output written so far
      } catch (...) {                                 // only the first error is reported
      }
      std::rethrow_exception(error);
    }
    timed(statistics.write_s, [&] { close_all(sinks); });
  });
  return statistics;
}

}  // namespace onepass
