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
      notes_(source.notes),
      reading_(source.reading),
      detector_(taken(detector.detector, "detector")),
      sinks_(std::exchange(outputs.sinks, {})),
      config_(config) {
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
  statistics_.errors = source_->errors();
  close_all(sinks_);
}

std::optional<Step> Run::next() {
  const std::lock_guard lock(mutex_);
  if (closed_) return std::nullopt;
  std::optional<Step> step;
  pipeline::FirstError error;
  error.attempt([&] { step = take(); });
  if (channel_) statistics_ = channel_->statistics;
  if (step) return step;
  if (error && statistics_.frames == 0) {
    closed_ = true;
  } else {
    error.attempt([&] { finish(); });
  }
  error.rethrow();
  return std::nullopt;
}

void Run::close() {
  const std::lock_guard lock(mutex_);
  finish();
}

SourceInfo Run::info() const {
  const std::lock_guard lock(mutex_);
  return source_->info();
}

std::vector<std::string> Run::class_names() const { return detector_->class_names(); }

RunStatistics Run::statistics() const {
  const std::lock_guard lock(mutex_);
  auto result = statistics_;
  result.errors = source_->errors();
  return result;
}

}  // namespace onepass::python
