// Provides a text log for runs of weeks, whose failure does not end the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "io/output_file.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass::sink {

class TextLog {
 public:
  /// Opens the file for appending.
  /// @param header written first to an empty file, here and in reopen(), together with the first text
  /// @throws std::runtime_error naming the path if it cannot be opened.
  TextLog(std::filesystem::path path, WarningHandler warn, std::string header = "");

  /// Appends the text and flushes. An error is reported once; then nothing is written until reopen().
  void write(std::string_view text);

  /// Opens the path again, after the file was moved away (log rotation).
  void reopen();

 private:
  template <typename Action>
  void guarded(Action action);
  void open();

  std::filesystem::path path_;
  WarningHandler warn_;
  std::string header_;
  bool header_due_ = false;
  std::optional<io::OutputFile> file_;
};

}  // namespace onepass::sink
