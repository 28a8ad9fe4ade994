#include "python/run/run.hpp"

#include <stdexcept>
#include <utility>

#include "core/timed.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::python {
namespace {

constexpr std::size_t frames_ahead = 2;  // as RunOptions::read_ahead

template <typename Stage>
std::unique_ptr<Stage> taken(std::unique_ptr<Stage>& stage, const char* name) {
  if (!stage) throw std::invalid_argument(std::string(name) + ": belongs to another run");
  return std::move(stage);
}

}  // namespace

Run::Run(Source& source, StreamDetector& detector, Outputs& outputs, const TrackerConfig& config)
    : source_(taken(source.frames, "source")),
      interrupt_(source.interrupt),
      notes_(source.notes),
      reading_(source.reading),
      detector_(taken(detector.detector, "detector")),
      outputs_(std::exchange(outputs, {})),
      config_(config),
      info_(source_->info()) {
  // The frame rate of a camera is known with its first frame only.
  if (reading_ == Reading::ahead) begin();
}

void Run::begin() {
  if (outputs_.memory) config_.memory.enabled = true;
  tracker_.emplace(config_, source_->info().frame_rate, outputs_.memory);
  outputs_.begin(*tracker_);
  channel_.emplace(*detector_, *tracker_, outputs_.sinks);
}

std::optional<Step> Run::take() {
  if (reading_ == Reading::ahead) {
    if (!ahead_) ahead_.emplace(*source_, *detector_, frames_ahead);
    auto begun = ahead_->next();
    if (!begun) return std::nullopt;
    channel_->statistics.decode_s += begun->decode_s;
    channel_->statistics.detect_s += begun->detect_s;
    return done(begun->frame, channel_->step(begun->frame, begun->finish));
  }
  double decode_s = 0;
  auto frame = timed(decode_s, [&] { return source_->next(); });
  if (!frame) return std::nullopt;
  if (!channel_) begin();
  channel_->statistics.decode_s += decode_s;
  return done(*frame, channel_->step(*frame));
}

Step Run::done(Frame& frame, FrameResult result) {
  channel_->statistics.errors = source_->errors();
  outputs_.update(channel_->statistics);
  return {std::move(frame), std::move(result)};
}

/// Completes the outputs. Frames that are read ahead are discarded.
void Run::finish() {
  if (std::exchange(closed_, true)) return;
  ahead_.reset();
  publish();
  pipeline::FirstError error;
  error.attempt([&] { close_all(outputs_.sinks); });
  publish();  // the end of a stream counts, too
  if (tracker_) error.attempt([&] { outputs_.finish(*tracker_, statistics()); });
  release();
  error.rethrow();
}

/// Ends the services and frees the memory, which Python might keep until it collects its garbage.
void Run::release() {
  ahead_.reset();
  channel_.reset();
  tracker_.reset();
  outputs_.sinks.clear();  // they use what the rest owns
  outputs_ = {};
}

/// Keeps what info() and statistics() return until the next frame.
void Run::publish() {
  const std::lock_guard lock(state_);
  if (channel_) statistics_ = channel_->statistics;
  info_ = source_->info();
  if (!outputs_.counter) return;
  const auto zones = outputs_.counter->zones();
  const auto& counts = outputs_.counter->counts();
  counts_.clear();  // the page may have removed zones
  for (std::size_t i = 0; i < zones->size(); ++i) counts_[(*zones)[i].name] = counts[i];
}

std::optional<Step> Run::next() {
  const std::lock_guard lock(running_);
  if (in_next_) throw std::invalid_argument("next: is being called already");
  if (closed_) return std::nullopt;
  std::optional<Step> step;
  pipeline::FirstError error;
  in_next_ = true;
  error.attempt([&] { step = take(); });
  in_next_ = false;
  publish();
  if (step && !closing_) return step;
  if (error && statistics_.frames == 0) {
    closed_ = true;
    release();
  } else {
    error.attempt([&] { finish(); });
  }
  error.rethrow();
  return step;
}

void Run::close() {
  closing_ = true;
  interrupt_();
  const std::lock_guard lock(running_);
  if (!in_next_) finish();
}

SourceInfo Run::info() const {
  const std::lock_guard lock(state_);
  return info_;
}

std::vector<std::string> Run::class_names() const { return detector_->class_names(); }

std::map<std::string, ZoneCounts> Run::counts() const {
  const std::lock_guard lock(state_);
  return counts_;
}

RunStatistics Run::statistics() const {
  const std::lock_guard lock(state_);
  auto result = statistics_;
  result.errors = source_->errors();
  return result;
}

}  // namespace onepass::python
