// Reads the rows of MOTChallenge text files strictly: nothing is skipped in silence, every error says file and line.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onepass {

/// One row: frame,id,left,top,width,height[,score[,class[,visibility[,...]]]]. Boxes are in pixels, in double
/// precision, because scores are compared to 1e-9.
struct MotRow {
  std::int64_t line = 0;   ///< in the file, from 1
  std::int64_t frame = 0;  ///< from 1
  std::int64_t id = 0;     ///< of the object; -1 in detection files; never beyond 2^53
  double left = 0;
  double top = 0;
  double width = 0;   ///< ≥ 0
  double height = 0;  ///< ≥ 0
  double score = 1;   ///< confidence; in ground truth the mark: 0 means "do not evaluate"; 1 where absent
  int class_id = -1;  ///< -1 where absent or not asked for
  int columns = 0;    ///< columns in the row
};

/// MOT15 has world coordinates where later benchmarks have the class.
enum class ClassColumn { read, ignore };

struct MotTextOptions {
  int minimum_columns = 6;
  ClassColumn class_column = ClassColumn::ignore;
  std::int64_t last_frame = std::numeric_limits<std::int64_t>::max();  ///< length of the sequence
};

/// The text without blanks and tabs at its ends.
std::string_view trimmed(std::string_view text);

/// Lines of a text file, read in pieces: memory is bounded also where a "line" has gigabytes.
class LineReader {
 public:
  static constexpr std::size_t maximum_length = 4096;  ///< bytes in a line

  /// @throws std::runtime_error where the file cannot be opened or is a folder.
  explicit LineReader(const std::filesystem::path& path);

  /// The next line without its end (LF or CRLF) and without a UTF-8 byte order mark; valid until the next call.
  /// @throws std::runtime_error where a line is too long or reading fails.
  bool next(std::string_view& line);

  std::int64_t line_number() const { return line_number_; }  ///< of the line last returned, from 1
  const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void refill();

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of what is not yet returned, in the buffer
  std::size_t end_ = 0;
  bool at_end_ = false;
  std::int64_t line_number_ = 0;
};

/// Rows of a file whose columns are separated by commas, semicolons or white space, the same in every row.
/// Blank lines are passed over, one separator at the end of a row is allowed.
class MotReader {
 public:
  explicit MotReader(const std::filesystem::path& path, const MotTextOptions& options = {});

  /// Reads the next row; false at the end of the file.
  /// @throws std::runtime_error "<file>:<line>: …" for a row that is not one: missing columns, not a number, not
  ///         finite, frame outside 1…last_frame, negative size, id beyond 2^53, another separator than before.
  bool next(MotRow& row);

 private:
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_column(int column, std::string_view text, const std::string& what) const;
  void choose_separator(std::string_view line);
  void split(std::string_view line);
  double number(int column) const;
  double pixels(int column) const;
  double size(int column) const;
  std::int64_t whole_number(int column) const;
  bool read_plain_columns(std::string_view line, MotRow& row) const;
  void read_columns(MotRow& row) const;

  MotTextOptions options_;
  LineReader lines_;
  char separator_ = 0;  ///< 0 until the first row; ' ' stands for any white space
  std::vector<std::string_view> fields_;
};

}  // namespace onepass
