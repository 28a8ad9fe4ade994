// Reads text files line by line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace onepass::io {

inline bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

/// Returns the text without leading and trailing spaces and tabs.
std::string_view trimmed(std::string_view text);

/// Reads a text file line by line in chunks, so that memory stays bounded even if a "line" has gigabytes.
class LineReader {
 public:
  static constexpr std::size_t maximum_length = 4096;  ///< maximum bytes in a line

  /// @throws std::runtime_error if the file cannot be opened or is a folder.
  explicit LineReader(const std::filesystem::path& path);

  /// Reads the next line, without its line ending (LF or CRLF) and without a UTF-8 byte order mark; false at the end of
  /// the file. `line` is valid until the next call.
  /// @throws std::runtime_error if a line is too long or reading fails.
  bool next(std::string_view& line);

  std::int64_t line_number() const { return line_number_; }  ///< number of the last returned line, from 1
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void refill();

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< start of the bytes in the buffer that have not been returned yet
  std::size_t end_ = 0;    ///< end of the bytes in the buffer
  bool at_end_ = false;
  std::int64_t line_number_ = 0;
};

}  // namespace onepass::io
