#include "sink/recording_sink.hpp"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace onepass::sink {
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

/// Stops recording until the next segment or reopen().
void RecordingSink::fail(const std::string& error) {
  sink_.reset();
  wanted_ = false;
  if (std::exchange(warned_, true)) return;
  warn_(fmt::format("{}; recording stops{}, tracking continues", error,
                    segment_.count() > 0 ? " until the next segment" : ""));
}

void RecordingSink::write(const Frame& frame, std::span<const Track> tracks) {
  if (is_due(frame)) {
    finish();
    wanted_ = true;
  }
  try {
    if (!sink_ && wanted_) {
      segment_start_ = frame.time;
      newest_segment_ = segment_.count() > 0 ? segment_path(frame) : path_;
      sink_ = open_(newest_segment_);
      wanted_ = false;
    }
    if (sink_) sink_->write(frame, tracks);
  } catch (const std::exception& error) {
    fail(error.what());
  }
  if (sink_) warned_ = false;
  if (!sink_) ++lost_frames_;
}

bool RecordingSink::is_due(const Frame& frame) const {
  return segment_.count() > 0 && !wanted_ && frame.time - segment_start_ >= segment_;
}

/// Completes the file, if there is one, in the background.
void RecordingSink::finish() {
  wait_for_completion();
  if (!sink_) return;
  closing_ = std::async(std::launch::async, [sink = std::move(sink_)]() -> std::string {
    try {
      sink->close();
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  });
}

/// Waits until the previous file is complete, and warns if that failed.
void RecordingSink::wait_for_completion() {
  if (!closing_.valid()) return;
  if (const auto error = closing_.get(); !error.empty()) warn_(error);
}

void RecordingSink::begin_close() {
  finish();
  wanted_ = false;
}

void RecordingSink::close() {
  begin_close();
  wait_for_completion();
}

void RecordingSink::reopen() {
  finish();
  if (segment_.count() == 0) wait_for_completion();  // the next frame may open the same file again
  wanted_ = true;
}

/// Returns whether a file of this name exists, or a part file of it: from a crash, or from the previous segment. That
/// one may be renamed at this moment, so the part files are checked first.
bool RecordingSink::is_taken(const fs::path& segment) const {
  const auto text_part = fs::path(segment.string() + ".part");
  const auto video_part = segment.parent_path() / (segment.stem().string() + ".part" + segment.extension().string());
  const auto rows = fs::path(segment.string() + ".part.jsonl");
  return segment == newest_segment_ || fs::exists(text_part) || fs::exists(video_part) || fs::exists(rows) ||
         fs::exists(segment);
}

fs::path RecordingSink::segment_path(const Frame& frame) const {
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(frame.captured));
  const auto stem = fmt::format("{}-{:%Y%m%dT%H%M%SZ}", path_.stem().string(), time);
  const auto extension = path_.extension().string();
  auto candidate = path_.parent_path() / (stem + extension);
  for (int number = 2; is_taken(candidate); ++number)
    candidate = path_.parent_path() / fmt::format("{}-{}{}", stem, number, extension);
  return candidate;
}

}  // namespace onepass::sink
