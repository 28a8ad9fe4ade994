// Splits the lines of a text file into columns, with errors that name the line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "formats/annotations.hpp"
#include "io/line_reader.hpp"

namespace onepass::formats {

class Columns {
 public:
  /// @param separator a character, or ' ' for any white space
  Columns(const std::filesystem::path& path, char separator) : lines_(path), separator_(separator) {}

  /// Reads the next line that is not blank; false at the end of the file. What text() returned is then invalid.
  bool next();

  std::size_t count() const { return fields_.size(); }
  std::int64_t line_number() const { return lines_.line_number(); }

  /// The text of a column, from 0.
  /// @throws std::runtime_error if the line has fewer columns.
  std::string_view text(std::size_t column) const;

  /// @throws std::runtime_error if the column is missing or is not a finite number.
  double number(std::size_t column) const;

  /// @throws std::runtime_error if the column is missing or is not a whole number up to 2^53 in absolute value.
  std::int64_t whole(std::size_t column) const;

  /// The same for small numbers, such as classes and levels.
  int small(std::size_t column) const;

  /// @throws std::runtime_error unless the line has a number of columns in this range.
  void require(std::size_t least, std::size_t most) const;

  /// Returns the object if it is valid.
  /// @throws std::runtime_error as fail() does otherwise.
  Annotation checked(Annotation object) const;

  /// @throws std::runtime_error "<file>:<line>: <what>".
  [[noreturn]] void fail(const std::string& what) const;

 private:
  io::LineReader lines_;
  char separator_;
  std::vector<std::string_view> fields_;
};

}  // namespace onepass::formats
