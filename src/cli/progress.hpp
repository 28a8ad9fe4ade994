// What the user sees of a run: a line that moves, and a table at the end.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "onepass/pipeline.hpp"

namespace onepass {

/// Says a warning on standard error.
void print_warning(const std::string& line);

/// One line on a terminal, rewritten a few times a second; nothing where standard error is no terminal.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// Whether it is time to show something new.
  bool is_due() const;

  /// @param text one line, cut to the width of the terminal.
  void show(const std::string& text);

  /// Removes the line, so that other output can be printed.
  void clear();

 private:
  bool on_terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_shown_;
};

/// One line on a terminal, rewritten a few times a second: frames, rate, time to go, identities.
/// Prints nothing where standard error is not a terminal.
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

/// Frames, rate and identities on one line.
std::string summary_line(const std::string& name, const RunStatistics& statistics);

/// The same and the time of every stage, as a short table.
std::string summary_table(const std::string& name, const RunStatistics& statistics);

}  // namespace onepass
