// Provides a text log for runs of weeks, whose failure does not end the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "io/output_file.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass::io {

class TextLog {
 public:
  /// Opens the file for appending.
  /// @throws std::runtime_error naming the path if it cannot be opened.
  TextLog(std::filesystem::path path, WarningHandler warn);

  /// Appends the text and flushes. An error is reported once; then nothing is written until reopen().
  void write(std::string_view text);

  /// Opens the path again, after the file was moved away (log rotation).
  void reopen();

 private:
  template <typename Action>
  void guarded(Action action);

  std::filesystem::path path_;
  WarningHandler warn_;
  std::optional<OutputFile> file_;
};

}  // namespace onepass::io
