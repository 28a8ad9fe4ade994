#include "cli/track/recordings.hpp"

#include <filesystem>

#include "io/pending_file.hpp"

namespace onepass::cli {

namespace fs = std::filesystem;

void Recordings::take(OutputPaths& paths, const StreamInfo& stream, const OutputOptions& options, Sinks& sinks) {
  take_events(paths.events, stream, options.event_options, sinks);
  take_counts(paths.counts, stream, options.counting.counts_interval_s, sinks);
  for (std::size_t i = 0; i < paths.files.size(); ++i)
    take_file(sink_outputs()[i], paths.files[i], stream, options.settings, sinks);
}

/// Without segments, a text file is a log that keeps its name: it can be read, moved and appended to at any time.
void Recordings::take_file(const SinkOutput& output, std::string& path, const StreamInfo& stream,
                           const SinkSettings& settings, Sinks& sinks) {
  if (path.empty() || path == "-") return;
  const bool has_segments = segment_.count() > 0;
  const bool is_log = output.is_text && !has_segments;
  if (is_log && overwrite_ == Overwrite::replace && fs::is_regular_file(path)) fs::remove(path);
  const auto overwrite = is_log ? Overwrite::append : has_segments ? Overwrite::refuse : overwrite_;
  add(path, sinks, [make = output.make, stream, settings, overwrite](const fs::path& file) {
    return make(file, overwrite, stream, settings);
  });
  if (is_log) logs_.push_back(all_.back());
  path.clear();
}

void Recordings::take_events(std::string& path, const StreamInfo& stream, const EventOptions& events, Sinks& sinks) {
  if (path.empty() || path == "-") return;
  const auto write = [log = open_log(path, "")](const auto& event) { log->write(to_json(event) + "\n"); };
  sinks.push_back(make_event_sink(stream, events, {write, write}));
}

void Recordings::take_counts(std::string& path, const StreamInfo& stream, double interval_s, Sinks& sinks) {
  if (path.empty() || path == "-") return;
  const auto open_interval = io::is_written_directly(path) ? "" : path + ".current";
  const auto write = [log = open_log(path, counts_header())](const auto& rows) { log->write(rows); };
  sinks.push_back(make_counts_sink(stream, interval_s, {.write = write, .open_interval = open_interval}));
}

/// Opens the log and clears its path.
std::shared_ptr<sink::TextLog> Recordings::open_log(std::string& path, const std::string& header) {
  if (overwrite_ == Overwrite::replace && fs::is_regular_file(path)) fs::remove(path);
  auto log = std::make_shared<sink::TextLog>(path, warn_, header);
  line_logs_.push_back(log);
  path.clear();
  return log;
}

void Recordings::add(const fs::path& path, Sinks& sinks, sink::RecordingSink::Open open) {
  auto recording = std::make_unique<sink::RecordingSink>(path, segment_, std::move(open), warn_);
  all_.push_back(recording.get());
  sinks.push_back(std::move(recording));
}

void Recordings::reopen() const {
  const auto& reopened = segment_.count() > 0 ? all_ : logs_;
  for (auto* recording : reopened) recording->reopen();
  for (const auto& log : line_logs_) log->reopen();
}

void Recordings::begin_close() const {
  for (auto* recording : all_) recording->begin_close();
}

std::int64_t Recordings::lost_frames() const {
  std::int64_t count = 0;
  for (const auto* recording : all_) count += recording->lost_frames();
  return count;
}

}  // namespace onepass::cli
