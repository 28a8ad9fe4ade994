// A text file that is appended to for weeks, and whose failure does not end the run.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "sink/output_file.hpp"

namespace onepass {

class TextLog {
 public:
  /// @throws std::runtime_error naming the path where it cannot be opened.
  TextLog(std::filesystem::path path, WarningHandler warn);

  /// Appends and hands it on at once. An error is said once; then nothing is written until reopen().
  void write(std::string_view text);

  /// Opens the path again, which somebody has moved away.
  void reopen();

 private:
  template <typename Action>
  void guarded(Action action);

  std::filesystem::path path_;
  WarningHandler warn_;
  std::optional<OutputFile> file_;
};

}  // namespace onepass
