// Reads rows of MOTChallenge text files strictly: no bad row is skipped silently, every error names file and line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/line_reader.hpp"
#include "onepass/shape.hpp"

namespace onepass::io {

/// One row: frame,id,left,top,width,height[,score[,class[,visibility[,...]]]]. Boxes are in pixels, in double
/// precision, because scores are compared to 1e-9.
struct MotRow {
  std::int64_t line = 0;   ///< line number in the file, from 1
  std::int64_t frame = 0;  ///< from 1
  std::int64_t id = 0;     ///< id of the object; -1 in detection files; at most 2^53 in absolute value
  double left = 0;
  double top = 0;
  double width = 0;      ///< ≥ 0
  double height = 0;     ///< ≥ 0
  double score = 1;      ///< confidence; in ground truth the mark: 0 means "do not evaluate"; 1 if absent
  int class_id = -1;     ///< -1 if absent or not requested
  double column_8 = -1;  ///< as a number: a class, or a world coordinate in MOT15; -1 if absent
  double column_9 = -1;  ///< as a number: in ground truth the visibility, or a world coordinate; -1 if absent
  int columns = 0;       ///< number of columns in the row
  std::optional<RotatedBox>
      rotated{};  ///< columns 11 to 15, if there are as many: center x and y, width, height, angle
};

/// Whether column 8 is read as the class: MOT15 has world coordinates there.
enum class ClassColumn { read, ignore };

struct MotTextOptions {
  int minimum_columns = 6;
  ClassColumn class_column = ClassColumn::ignore;
  std::int64_t last_frame = std::numeric_limits<std::int64_t>::max();  ///< sequence length in frames
};

/// Reads the rows of a file whose columns are separated by commas, semicolons or white space. All rows must use the
/// separator of the first row; one separator at the end of a row is allowed. Blank lines are skipped.
class MotReader {
 public:
  explicit MotReader(const std::filesystem::path& path, const MotTextOptions& options = {});

  /// Reads the next row; false at the end of the file.
  /// @throws std::runtime_error "<file>:<line>: …" for an invalid row: missing columns, not a number, not finite, frame
  ///         outside 1…last_frame, negative size, id beyond 2^53, a separator other than in the first row.
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
  RotatedBox rotated_box() const;

  MotTextOptions options_;
  LineReader lines_;
  char separator_ = 0;  ///< 0 until the first row is read; ' ' stands for any white space
  std::vector<std::string_view> fields_;
};

}  // namespace onepass::io
