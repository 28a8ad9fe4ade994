// The output files of live streams, which are written for weeks.
#pragma once

#include <vector>

#include "cli/outputs.hpp"
#include "sink/recording_sink.hpp"
#include "sink/text_log.hpp"

namespace onepass {

/// What all cameras record; the sinks themselves belong to their channels and must live as long.
class Recordings {
 public:
  Recordings(SegmentLength segment, Overwrite overwrite, WarningHandler warn)
      : segment_(segment), overwrite_(overwrite), warn_(std::move(warn)) {}

  /// Adds the files of one camera to its sinks and takes them out of `paths`, so that standard output and windows stay.
  /// Events are one log whatever the segments, for an identity may last longer than one.
  /// @throws std::runtime_error where a file cannot be written.
  void take(OutputPaths& paths, const StreamInfo& stream, const EventOptions& events, Sinks& sinks);

  /// Begins new segments, or opens the text files anew; a video without segments goes on.
  void reopen() const;

  /// Begins to complete all files; their sinks' close() waits for it.
  void begin_close() const;

  /// Frames that were tracked and could not be written; counted for each file.
  std::int64_t lost_frames() const;

 private:
  using Make = std::function<std::unique_ptr<TrackSink>(const std::filesystem::path& path, Overwrite overwrite)>;

  void take_events(std::string& path, const StreamInfo& stream, const EventOptions& events, Sinks& sinks);
  void take_text(std::string& path, Sinks& sinks, const Make& make);
  void add(const std::filesystem::path& path, Sinks& sinks, RecordingSink::Open open);

  SegmentLength segment_;
  Overwrite overwrite_;
  WarningHandler warn_;
  std::vector<RecordingSink*> all_;
  std::vector<RecordingSink*> logs_;  ///< those that may be opened anew under their name
  std::vector<std::shared_ptr<TextLog>> event_logs_;
};

}  // namespace onepass
