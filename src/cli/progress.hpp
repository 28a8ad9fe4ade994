// Shows the progress of a run on the terminal, and formats its summary.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "onepass/pipeline.hpp"

namespace onepass::cli {

/// Prints one line to standard error, in a form that cannot control the terminal.
void print_line(const std::string& line);

/// Prints a warning to standard error, like print_line.
void print_warning(const std::string& line);

/// Returns the errors of a source as the end of a line, such as ", 3 damaged (2 concealed, 1 undecodable)"; empty
/// without errors.
std::string errors_text(const DecodeErrors& errors);

/// Returns the text without its end if it has more than `most` bytes. UTF-8 characters are not split.
std::string shortened(const std::string& text, std::size_t most);

/// A status line, updated a few times per second. Prints nothing if standard error is not a terminal.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// True if the line should be updated now.
  bool is_due() const;

  /// @param text one line; it is truncated to the width of the terminal.
  void show(const std::string& text);

  /// Removes the line, so that other output can be printed.
  void clear();

 private:
  bool on_terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_shown_;
};

/// A status line with the frame count, frame rate, remaining time and number of identities.
class ProgressLine {
 public:
  ProgressLine(std::string name, std::optional<std::int64_t> frame_count);

  void update(const RunStatistics& statistics);

  /// Removes the line, so that other output can be printed.
  void clear() { line_.clear(); }

 private:
  std::string name_;
  std::optional<std::int64_t> frame_count_;
  StatusLine line_;
  std::chrono::steady_clock::time_point start_;
};

/// Returns frames, frame rate and number of identities on one line, without a line feed.
std::string summary_line(const std::string& name, const RunStatistics& statistics);

/// Returns the summary line followed by a table with the time per stage, and its share of the whole run or, if stages
/// ran at the same time, of the work of all stages.
std::string summary_table(const std::string& name, const RunStatistics& statistics);

}  // namespace onepass::cli
