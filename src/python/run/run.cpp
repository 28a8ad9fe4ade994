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
      sinks_(std::exchange(outputs.sinks, {})),
      config_(config),
      info_(source_->info()) {
  // The frame rate of a camera is known with its first frame only.
  if (reading_ == Reading::ahead) begin();
}

void Run::begin() {
  tracker_.emplace(config_, source_->info().frame_rate);
  channel_.emplace(*detector_, *tracker_, sinks_);
}

std::optional<Step> Run::take() {
  if (reading_ == Reading::ahead) {
    if (!ahead_) ahead_.emplace(*source_, *detector_, frames_ahead);
    auto begun = ahead_->next();
    if (!begun) return std::nullopt;
    channel_->statistics.decode_s += begun->decode_s;
    channel_->statistics.detect_s += begun->detect_s;
    auto result = channel_->step(begun->frame, begun->finish);
    return Step{std::move(begun->frame), std::move(result)};
  }
  double decode_s = 0;
  auto frame = timed(decode_s, [&] { return source_->next(); });
  if (!frame) return std::nullopt;
  if (!channel_) begin();
  channel_->statistics.decode_s += decode_s;
  auto result = channel_->step(*frame);
  return Step{std::move(*frame), std::move(result)};
}

/// Completes the outputs. Frames that are read ahead are discarded.
void Run::finish() {
  if (std::exchange(closed_, true)) return;
  ahead_.reset();
  publish();
  close_all(sinks_);
}

/// Keeps what info() and statistics() return until the next frame.
void Run::publish() {
  const std::lock_guard lock(state_);
  if (channel_) statistics_ = channel_->statistics;
  info_ = source_->info();
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

RunStatistics Run::statistics() const {
  const std::lock_guard lock(state_);
  auto result = statistics_;
  result.errors = source_->errors();
  return result;
}

}  // namespace onepass::python
