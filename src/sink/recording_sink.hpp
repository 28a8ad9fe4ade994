// Provides file output for runs of weeks: it can start a new file at intervals, and its failure does not end the run.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include "onepass/track_sink.hpp"

namespace onepass::sink {

/// Duration of a segment; zero: one file, opened at the start.
using SegmentLength = std::chrono::duration<double>;

/// Writes to the sink that `open` makes for a path. Each segment is opened at its first frame and named after the time
/// of that frame (UTC): "gate-20260131T235959Z.jsonl". Files are completed in the background, because an encoder may
/// need a second for it. An error, such as a full disk, is reported once; until the next segment or reopen(), frames
/// are then counted as lost instead of written.
class RecordingSink : public TrackSink {
 public:
  using Open = std::function<std::unique_ptr<TrackSink>(const std::filesystem::path&)>;

  /// @throws std::runtime_error if the file cannot be opened, or the folder of the segments cannot be written to.
  RecordingSink(std::filesystem::path path, SegmentLength segment, Open open, WarningHandler warn);

  void write(const Frame& frame, std::span<const Track> tracks) override;

  /// Starts to complete the file without waiting, so that several sinks can do so in parallel. Do not call write()
  /// afterwards.
  void begin_close();
  void close() override;

  /// Completes the file and starts another at the next frame: a new segment, or the same path if the file was moved
  /// away (log rotation).
  void reopen();

  /// Number of frames that were not written. Any thread may call this.
  std::int64_t lost_frames() const { return lost_frames_; }

 private:
  bool is_due(const Frame& frame) const;
  void finish();
  void wait_for_completion();
  void fail(const std::string& error);
  std::filesystem::path segment_path(const Frame& frame) const;
  bool is_taken(const std::filesystem::path& segment) const;

  std::filesystem::path path_;
  std::filesystem::path newest_segment_;
  SegmentLength segment_;
  Open open_;
  WarningHandler warn_;
  std::unique_ptr<TrackSink> sink_;
  std::future<std::string> closing_;  ///< completion of the previous file; its error, or an empty string
  bool wanted_ = true;                ///< the next frame opens a sink
  bool warned_ = false;
  Timestamp segment_start_{0};
  std::atomic<std::int64_t> lost_frames_ = 0;
};

}  // namespace onepass::sink
