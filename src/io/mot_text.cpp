#include "io/mot_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::io {
namespace {

constexpr std::int64_t largest_exact_integer = std::int64_t{1} << 53;  // larger integers are not exact as doubles
constexpr double largest_coordinate = 1e9;                             // in pixels; keeps areas and unions finite
constexpr double largest_angle = 1e9;                                  // in radians; keeps it finite as a float
constexpr double largest_class = 1 << 30;                              // no benchmark has larger ones
constexpr int columns_with_rotated = 15;
constexpr std::array column_names{"frame", "id", "left", "top", "width", "height", "score", "class", "visibility"};

/// Quotes the text for a message: shortened, and on one line.
std::string shown(std::string_view text) {
  constexpr std::size_t length = 40;
  std::string result(text.substr(0, length));
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return "'" + result + (text.size() > length ? "…" : "") + "'";
}

/// Parses a row of plain decimals of at most 15 digits, such as "12,-889.70,3", and returns the number of values; 0 for
/// any other row. Both the digits and the power of ten are exact doubles, so their quotient is correctly rounded
/// (Clinger 1990).
template <std::size_t capacity>
int read_plain_row(std::string_view line, char separator, std::array<double, capacity>& values) {
  constexpr std::array powers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t column = 0; column < capacity; ++column) {
    const bool negative = at != end && *at == '-';
    if (negative) ++at;
    const char* const first = at;
    std::uint64_t digits = 0;
    for (; at != end && *at >= '0' && *at <= '9'; ++at) digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
    auto length = at - first;
    std::ptrdiff_t decimals = 0;
    if (at != end && *at == '.') {
      const char* const point = at++;
      for (; at != end && *at >= '0' && *at <= '9'; ++at) digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
      decimals = at - point - 1;
      length += decimals;
    }
    if (length < 1 || length > 15) return 0;
    const double value = static_cast<double>(digits) / powers[static_cast<std::size_t>(decimals)];
    values[column] = negative ? -value : value;
    if (at == end) return static_cast<int>(column) + 1;
    if (*at++ != separator) return 0;
  }
  return 0;
}

bool is_whole(double value) { return value == std::floor(value); }

std::string column_label(int column) {
  const auto index = static_cast<std::size_t>(column);
  return index < column_names.size() ? fmt::format("column {} ({})", column + 1, column_names[index])
                                     : fmt::format("column {}", column + 1);
}

}  // namespace

MotReader::MotReader(const std::filesystem::path& path, const MotTextOptions& options)
    : options_(options), lines_(path) {
  fields_.reserve(16);
}

bool MotReader::next(MotRow& row) {
  for (std::string_view line; lines_.next(line);) {
    line = trimmed(line);
    if (line.empty()) continue;
    if (separator_ == 0) choose_separator(line);
    if (read_plain_columns(line, row)) return true;
    split(line);
    read_columns(row);
    return true;
  }
  return false;
}

void MotReader::choose_separator(std::string_view line) {
  if (line.find(',') != std::string_view::npos) {
    separator_ = ',';
  } else {
    separator_ = line.find(';') != std::string_view::npos ? ';' : ' ';
  }
}

void MotReader::split(std::string_view line) {
  fields_.clear();
  while (!line.empty()) {
    std::size_t length = 0;
    while (length < line.size() && (separator_ == ' ' ? !is_blank(line[length]) : line[length] != separator_)) ++length;
    const auto field = line.substr(0, length);
    fields_.push_back(!field.empty() && (is_blank(field.front()) || is_blank(field.back())) ? trimmed(field) : field);
    line.remove_prefix(std::min(line.size(), length + 1));
    if (separator_ == ' ') line = trimmed(line);
  }
}

/// Fast path for nearly all rows. Returns false for unusual and invalid rows, which read_columns handles.
bool MotReader::read_plain_columns(std::string_view line, MotRow& row) const {
  std::array<double, 10> values{};
  const int count = read_plain_row(line, separator_, values);
  if (count < std::max(6, options_.minimum_columns)) return false;
  const bool has_class = count > 7 && options_.class_column == ClassColumn::read;
  const auto& [frame, id, left, top, width, height, score, class_id, visibility, rest] = values;
  const bool whole = is_whole(frame) && is_whole(id) && (!has_class || is_whole(class_id));
  const bool boxed = std::abs(left) <= largest_coordinate && std::abs(top) <= largest_coordinate && width >= 0 &&
                     width <= largest_coordinate && height >= 0 && height <= largest_coordinate;
  if (!whole || !boxed || frame < 1 || frame > static_cast<double>(options_.last_frame)) return false;
  row = {.line = lines_.line_number(),
         .frame = static_cast<std::int64_t>(frame),
         .id = static_cast<std::int64_t>(id),
         .left = left,
         .top = top,
         .width = width,
         .height = height,
         .score = count > 6 ? score : 1,
         .class_id = has_class ? static_cast<int>(std::clamp(class_id, -1.0, largest_class)) : -1,
         .column_8 = count > 7 ? class_id : -1,
         .column_9 = count > 8 ? visibility : -1,
         .columns = count};
  return true;
}

void MotReader::read_columns(MotRow& row) const {
  const int count = static_cast<int>(fields_.size());
  if (count < options_.minimum_columns) {
    const char* separator = separator_ == ' ' ? "white space" : separator_ == ',' ? "commas" : "semicolons";
    fail(fmt::format("{} column{} separated by {}", count, count == 1 ? "" : "s", separator));
  }
  row.line = lines_.line_number();
  row.columns = count;
  row.frame = whole_number(0);
  if (row.frame < 1 || row.frame > options_.last_frame) {
    const bool bounded = options_.last_frame != std::numeric_limits<std::int64_t>::max();
    fail_column(0, fields_[0],
                bounded ? fmt::format("is not a frame from 1 to {}, the sequence's length", options_.last_frame)
                        : "is not a frame number: frames are numbered from 1");
  }
  row.id = whole_number(1);
  row.left = pixels(2);
  row.top = pixels(3);
  row.width = size(4);
  row.height = size(5);
  row.score = count > 6 ? number(6) : 1;
  const bool has_class = count > 7 && options_.class_column == ClassColumn::read;
  row.class_id =
      has_class ? static_cast<int>(std::clamp(static_cast<double>(whole_number(7)), -1.0, largest_class)) : -1;
  row.column_8 = count > 7 ? number(7) : -1;
  row.column_9 = count > 8 ? number(8) : -1;
  for (int column = 9; column < count; ++column) number(column);  // only checks that it is a number
  row.rotated.reset();
  if (count == columns_with_rotated) row.rotated = rotated_box();
}

RotatedBox MotReader::rotated_box() const {
  constexpr int first = columns_with_rotated - 5, last = columns_with_rotated - 1;
  const double angle = number(last);
  if (std::abs(angle) > largest_angle)
    fail_column(last, fields_[static_cast<std::size_t>(last)], "exceeds a billion radians");
  return {static_cast<float>(pixels(first)), static_cast<float>(pixels(first + 1)), static_cast<float>(size(first + 2)),
          static_cast<float>(size(first + 3)), static_cast<float>(angle)};
}

double MotReader::number(int column) const {
  auto text = fields_[static_cast<std::size_t>(column)];
  const auto given = text;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size()) fail_column(column, given, "is not a number");
  if (!std::isfinite(value)) fail_column(column, given, "is not a finite number");
  return value;
}

double MotReader::pixels(int column) const {
  const double value = number(column);
  if (std::abs(value) > largest_coordinate)
    fail_column(column, fields_[static_cast<std::size_t>(column)], "exceeds a billion pixels");
  return value;
}

double MotReader::size(int column) const {
  const double value = pixels(column);
  if (value < 0) fail_column(column, fields_[static_cast<std::size_t>(column)], "is negative");
  return value;
}

std::int64_t MotReader::whole_number(int column) const {
  const auto given = fields_[static_cast<std::size_t>(column)];
  auto text = given;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t integer = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  // Rows saved from floating-point arrays contain ids such as 7.0 or 7e0.
  const std::string_view decimals(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  const bool no_decimals =
      decimals.empty() || (decimals[0] == '.' && decimals.find_first_not_of('0', 1) == std::string_view::npos);
  if (error == std::errc{} && no_decimals) {
    if (integer > largest_exact_integer || integer < -largest_exact_integer)
      fail_column(column, given, "is beyond 2^53");
    return integer;
  }
  const double value = number(column);
  if (value != std::floor(value)) fail_column(column, given, "is not a whole number");
  // A value equal to the limit may have been rounded from a larger one.
  if (std::abs(value) >= static_cast<double>(largest_exact_integer)) fail_column(column, given, "is beyond 2^53");
  return static_cast<std::int64_t>(value);
}

void MotReader::fail_column(int column, std::string_view text, const std::string& what) const {
  const bool other_separator = text.find_first_of(",; \t") != std::string_view::npos;
  fail(fmt::format("{}: {} {}{}", column_label(column), shown(text), what,
                   other_separator ? " (separators differ from the file's first row)" : ""));
}

void MotReader::fail(const std::string& what) const {
  std::string expected;
  const auto shown_columns = std::max<std::size_t>(7, static_cast<std::size_t>(options_.minimum_columns));
  for (std::size_t i = 0; i < std::min(shown_columns, column_names.size()); ++i)
    expected += (i == 0 ? "" : ",") + std::string(column_names[i]);
  throw std::runtime_error(
      fmt::format("{}:{}: {}; expected {}", lines_.path().string(), lines_.line_number(), what, expected));
}

}  // namespace onepass::io
