// Manages the output files of live streams, which may be written to for weeks.
#pragma once

#include <vector>

#include "cli/track/outputs.hpp"
#include "sink/recording_sink.hpp"
#include "sink/text/text_log.hpp"

namespace onepass::cli {

/// The recordings of all cameras. The sinks belong to their channels and must outlive this object.
class Recordings {
 public:
  Recordings(sink::SegmentLength segment, Overwrite overwrite, WarningHandler warn)
      : segment_(segment), overwrite_(overwrite), warn_(std::move(warn)) {}

  /// Adds sinks for the files of one camera and clears those paths in `paths`; standard output remains there. Events
  /// and counts go to one log even with segments, because an identity may last longer than a segment.
  /// @throws std::runtime_error if a file cannot be written.
  void take(OutputPaths& paths, const StreamInfo& stream, const OutputOptions& options, Sinks& sinks);

  /// Starts new segments or, without segments, reopens the text files; a video without segments continues.
  void reopen() const;

  /// Starts to complete all files; close() of each sink waits until its file is complete.
  void begin_close() const;

  /// Number of tracked frames that could not be written, summed over all files.
  std::int64_t lost_frames() const;

 private:
  void take_events(std::string& path, const StreamInfo& stream, const EventOptions& events, Sinks& sinks);
  void take_counts(std::string& path, const StreamInfo& stream, double interval_s, Sinks& sinks);
  std::shared_ptr<sink::TextLog> open_log(std::string& path, const std::string& header);
  void take_file(const SinkOutput& output, std::string& path, const StreamInfo& stream, const SinkSettings& settings,
                 Sinks& sinks);
  void add(const std::filesystem::path& path, Sinks& sinks, sink::RecordingSink::Open open);

  sink::SegmentLength segment_;
  Overwrite overwrite_;
  WarningHandler warn_;
  std::vector<sink::RecordingSink*> all_;
  std::vector<sink::RecordingSink*> logs_;  ///< text files without segments; they can be reopened under the same name
  std::vector<std::shared_ptr<sink::TextLog>>
      line_logs_;  ///< of events and counts, whose sinks live as long as the run
};

}  // namespace onepass::cli
