// Provides buffered text output to a pending file or to standard output, with descriptive errors.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "io/pending_file.hpp"

namespace onepass::io {

class OutputFile {
 public:
  /// Opens the output. An output that is destroyed without close() is completed, or leaves no file if write() was never
  /// called.
  /// @throws std::runtime_error as PendingFile does.
  OutputFile(const std::filesystem::path& path, Overwrite overwrite);

  static OutputFile standard_output() { return OutputFile(); }

  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  /// Appends to a buffer, which is written to the file when it is full.
  /// @throws std::runtime_error naming the path, for example for a full disk or a closed pipe; the part file stays.
  void write(std::string_view text);

  /// Passes everything written so far to the operating system.
  void flush();

  /// Flushes and gives the file its final name, unless writing failed before. A second call does nothing.
  void close();

 private:
  OutputFile();
  [[noreturn]] void fail(int error_number);

  std::optional<PendingFile> file_;  ///< empty for standard output
  int descriptor_ = -1;              ///< -1 once closed
  bool failed_ = false;
  bool touched_ = false;  ///< write() was called
  std::string buffer_;
};

}  // namespace onepass::io
