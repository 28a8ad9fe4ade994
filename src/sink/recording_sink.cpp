#include "sink/recording_sink.hpp"

#include <unistd.h>

#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace onepass {
namespace {

namespace fs = std::filesystem;

void require_folder(const fs::path& path) {
  const auto folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw std::runtime_error(fmt::format("{}: cannot be written: {}: {}", path.string(), folder.string(),
                                       std::generic_category().message(errno)));
}

}  // namespace

RecordingSink::RecordingSink(fs::path path, SegmentLength segment, Open open, WarningHandler warn)
    : path_(std::move(path)), segment_(segment), open_(std::move(open)), warn_(std::move(warn)) {
  if (segment_.count() > 0) {
    require_folder(path_);
  } else {
    sink_ = open_(path_);
    wanted_ = false;
  }
}

/// Runs a step; where it fails, recording rests.
template <typename Action>
void RecordingSink::guarded(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    sink_.reset();
    wanted_ = false;
    if (std::exchange(warned_, true)) return;
    warn_(fmt::format("{}; recording stops{}, tracking goes on", error.what(),
                      segment_.count() > 0 ? " until the next segment" : ""));
  }
}

void RecordingSink::write(const Frame& frame, std::span<const Track> tracks) {
  if (is_due(frame)) finish();
  guarded([&] {
    if (!sink_ && wanted_) {
      segment_start_ = frame.time;
      sink_ = open_(segment_.count() > 0 ? segment_path(frame) : path_);
      wanted_ = false;
    }
    if (!sink_) return;
    sink_->write(frame, tracks);
    warned_ = false;
  });
  if (!sink_) ++lost_frames_;
}

bool RecordingSink::is_due(const Frame& frame) const {
  return segment_.count() > 0 && !wanted_ && frame.time - segment_start_ >= segment_;
}

void RecordingSink::finish() {
  guarded([&] {
    if (sink_) sink_->close();
  });
  sink_.reset();
  wanted_ = true;
}

void RecordingSink::close() {
  finish();
  wanted_ = false;
}

void RecordingSink::reopen() { finish(); }

fs::path RecordingSink::segment_path(const Frame& frame) const {
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(frame.captured));
  const auto stem = fmt::format("{}-{:%Y%m%dT%H%M%SZ}", path_.stem().string(), time);
  const auto extension = path_.extension().string();
  auto candidate = path_.parent_path() / (stem + extension);
  for (int number = 2; fs::exists(candidate); ++number)
    candidate = path_.parent_path() / fmt::format("{}-{}{}", stem, number, extension);
  return candidate;
}

}  // namespace onepass
