// Recording for weeks: a file output that begins anew from time to time, and whose failure does not end the run.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "onepass/track_sink.hpp"

namespace onepass {

/// How long a segment lasts; zero: one file, from the start.
using SegmentLength = std::chrono::duration<double>;

/// Writes to the sink that `open` makes for a path. With segments, each is named after the time of its first frame,
/// "gate-20260131T235959Z.jsonl" (UTC), and opened with it. Files are completed in the background, for an encoder may
/// hold a second of work. An error, such as a full disk, is said once; frames are then counted instead of written until
/// the next segment, or reopen().
class RecordingSink : public TrackSink {
 public:
  using Open = std::function<std::unique_ptr<TrackSink>(const std::filesystem::path&)>;

  /// @throws std::runtime_error where the file cannot be opened, or the folder of the segments cannot be written to.
  RecordingSink(std::filesystem::path path, SegmentLength segment, Open open, WarningHandler warn);

  void write(const Frame& frame, std::span<const Track> tracks) override;

  /// Begins to complete the file and does not wait, so that several can do so at once; nothing is written after it.
  void begin_close();
  void close() override;

  /// Completes the file and begins another: the next segment, or the same path, which somebody has moved away.
  void reopen();

  /// Frames that were not written; may be asked by any thread.
  std::int64_t lost_frames() const { return lost_frames_; }

 private:
  bool is_due(const Frame& frame) const;
  void finish();
  void settle();
  void fail(const std::string& error);
  std::filesystem::path segment_path(const Frame& frame) const;
  bool is_taken(const std::filesystem::path& segment) const;

  std::filesystem::path path_;
  std::filesystem::path newest_segment_;
  SegmentLength segment_;
  Open open_;
  WarningHandler warn_;
  std::unique_ptr<TrackSink> sink_;
  std::future<std::string> closing_;  ///< of the file before; its error, or nothing
  bool wanted_ = true;                ///< a sink is to be opened with the next frame
  bool warned_ = false;
  Timestamp segment_start_{0};
  std::atomic<std::int64_t> lost_frames_ = 0;
};

}  // namespace onepass
