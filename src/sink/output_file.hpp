// Buffered text output to a pending file or to standard output, with errors that say what happened.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "sink/pending_file.hpp"

namespace onepass {

class OutputFile {
 public:
  /// @throws std::runtime_error as PendingFile does.
  /// An output destroyed without close() completes what it has, or leaves no file where write() was never called.
  OutputFile(const std::filesystem::path& path, Overwrite overwrite);

  static OutputFile standard_output() { return OutputFile(); }

  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  /// Appends; what has been written reaches the file when enough has come together.
  /// @throws std::runtime_error naming the path, such as for a full disk or a closed pipe; the part file stays.
  void write(std::string_view text);

  /// Hands everything written so far to the system.
  void flush();

  /// Flushes and gives the file its final name, unless writing failed before. A second call does nothing.
  void close();

 private:
  OutputFile();
  [[noreturn]] void fail(int error_number);

  std::optional<PendingFile> file_;  ///< none for standard output
  int descriptor_ = -1;              ///< -1 once closed
  bool failed_ = false;
  bool touched_ = false;  ///< write() was called
  std::string buffer_;
};

}  // namespace onepass
