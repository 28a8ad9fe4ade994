#include "eval/shapes/mots_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "onepass/shape_geometry.hpp"

namespace onepass::eval {
namespace {

constexpr std::size_t longest_line = 1 << 20;  // bytes; the mask of a person at 1080p has a few thousand
constexpr std::int64_t last_frame = 10'000'000;
constexpr std::int64_t largest_id = std::int64_t{1} << 53;  // larger integers are not exact as doubles
constexpr std::int64_t largest_class = 1 << 30;
constexpr std::int64_t largest_side = 1 << 16;
constexpr std::array column_names{"frame", "id", "class", "height", "width", "mask"};

using Fields = std::array<std::string_view, column_names.size()>;

/// The columns of a row. @throws std::invalid_argument if there are fewer or more.
Fields split(std::string_view line) {
  Fields fields;
  std::size_t count = 0;
  while (!line.empty()) {
    const auto length = std::min(line.find(' '), line.size());
    if (count == fields.size()) throw std::invalid_argument(fmt::format("has more than {} columns", fields.size()));
    fields[count++] = line.substr(0, length);
    line.remove_prefix(std::min(line.size(), length + 1));
  }
  if (count < fields.size())
    throw std::invalid_argument(fmt::format("{} column{} separated by spaces", count, count == 1 ? "" : "s"));
  return fields;
}

std::int64_t number(const Fields& fields, std::size_t column, std::int64_t low, std::int64_t high) {
  const auto text = fields[column];
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size() || value < low || value > high)
    throw std::invalid_argument(fmt::format("column {} ({}): '{}' is not a whole number from {} to {}", column + 1,
                                            column_names[column], text.substr(0, 40), low, high));
  return value;
}

MotsRow parse(std::string_view line, std::int64_t first_frame) {
  const auto fields = split(line);
  MotsRow row;
  row.frame = number(fields, 0, first_frame, last_frame);
  row.id = number(fields, 1, 0, largest_id);
  row.class_id = static_cast<int>(number(fields, 2, 0, largest_class));
  const auto height = static_cast<int>(number(fields, 3, 1, largest_side));
  const auto width = static_cast<int>(number(fields, 4, 1, largest_side));
  row.mask = from_coco_text(fields[5], width, height);
  return row;
}

/// Reads the next line; false at the end of the file.
bool next_line(std::ifstream& file, std::vector<char>& buffer, std::string_view& line) {
  file.getline(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  if (file.eof() && file.gcount() == 0) return false;
  if (file.fail()) throw std::invalid_argument(fmt::format("line longer than {} bytes", longest_line));
  line = buffer.data();
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.ends_with(' ')) line.remove_suffix(1);
  return true;
}

std::ifstream open(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path))
    throw std::runtime_error(fmt::format("{}: is a folder, expected a text file", path.string()));
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot open; check its name and permissions", path.string()));
  return file;
}

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom();
}

/// @throws std::runtime_error naming both lines if masks of one frame overlap or differ in size.
void check_disjoint(const std::filesystem::path& file, const std::vector<MotsRow>& rows) {
  std::map<std::int64_t, std::vector<std::size_t>> by_frame;
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    boxes.push_back(bounding_box(rows[i].mask));
    auto& others = by_frame[rows[i].frame];
    for (const auto other : others) {
      const auto &mask = rows[i].mask, &earlier = rows[other].mask;
      const bool same_size = mask.width == earlier.width && mask.height == earlier.height;
      if (same_size && (!overlap(boxes[i], boxes[other]) || intersection_area(mask, earlier) == 0)) continue;
      throw std::runtime_error(fmt::format(
          "{}:{}: frame {}: the mask {} that in line {}; masks of a frame must be disjoint parts of one picture",
          file.string(), rows[i].line, rows[i].frame, same_size ? "overlaps" : "has another size than",
          rows[other].line));
    }
    others.push_back(i);
  }
}

}  // namespace

std::vector<MotsRow> read_mots(const std::filesystem::path& path, std::int64_t first_frame) {
  auto file = open(path);
  std::vector<MotsRow> rows;
  std::vector<char> buffer(longest_line);
  std::int64_t number = 0;
  try {
    for (std::string_view line; ++number, next_line(file, buffer, line);) {
      if (line.empty()) continue;
      rows.push_back(parse(line, first_frame));
      rows.back().line = number;
    }
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(
        fmt::format("{}:{}: {}; expected frame id class height width mask", path.string(), number, error.what()));
  }
  check_disjoint(path, rows);
  return rows;
}

bool starts_with_mots_row(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> buffer(longest_line);
  std::string_view line;
  try {
    if (!file || !next_line(file, buffer, line)) return false;
    parse(line, 0);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace onepass::eval
