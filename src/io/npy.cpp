#include "io/npy.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "io/output_file.hpp"

namespace onepass::io {
namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they are in memory");

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_dimensions = 8;
constexpr std::size_t longest_header = 1 << 16;

struct Header {
  std::vector<std::int64_t> shape;
  std::size_t value_size = 0;
};

/// Returns the text after "'key':" in the header's dictionary, without leading blanks.
std::string_view value_of(std::string_view text, std::string_view key) {
  const auto found = text.find(fmt::format("'{}'", key));
  if (found == std::string_view::npos) throw std::runtime_error(fmt::format("its header has no '{}'", key));
  auto value = text.substr(found + key.size() + 2);
  const auto start = value.find_first_not_of(": ");
  return start == std::string_view::npos ? std::string_view() : value.substr(start);
}

std::vector<std::int64_t> parse_shape(std::string_view text) {
  if (!text.starts_with('(')) throw std::runtime_error("its header has no shape");
  text.remove_prefix(1);
  std::vector<std::int64_t> shape;
  while (true) {
    const auto start = text.find_first_not_of(" ,");
    if (start == std::string_view::npos) throw std::runtime_error("its shape has no closing bracket");
    text.remove_prefix(start);
    if (text.starts_with(')')) return shape;
    std::int64_t side = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (error != std::errc() || side < 0 || shape.size() == most_dimensions)
      throw std::runtime_error("its shape is not a valid array shape");
    shape.push_back(side);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

Header parse_header(std::string_view text) {
  Header header;
  const auto type = value_of(text, "descr");
  if (type.starts_with("'<f4'"))
    header.value_size = sizeof(float);
  else if (type.starts_with("'<f8'"))
    header.value_size = sizeof(double);
  else
    throw std::runtime_error("its values are not little-endian float32 or float64");
  if (!value_of(text, "fortran_order").starts_with("False"))
    throw std::runtime_error("is stored column by column; save it with numpy.ascontiguousarray");
  header.shape = parse_shape(value_of(text, "shape"));
  return header;
}

std::string read_bytes(std::istream& file, std::size_t count) {
  std::string bytes(count, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  if (static_cast<std::size_t>(file.gcount()) != count) throw std::runtime_error("ends within its header");
  return bytes;
}

/// Reads the header and leaves the file position at the first value.
Header read_header(std::istream& file) {
  const auto start = read_bytes(file, magic.size() + 2);
  if (!start.starts_with(magic)) throw std::runtime_error("is not a .npy file");
  const int version = start[magic.size()];
  if (version < 1 || version > 3) throw std::runtime_error(fmt::format("has the unknown version {}", version));
  const auto length_bytes = read_bytes(file, version == 1 ? 2 : 4);
  std::size_t length = 0;
  for (std::size_t i = length_bytes.size(); i-- > 0;)
    length = length * 256 + static_cast<unsigned char>(length_bytes[i]);
  if (length > longest_header) throw std::runtime_error("has a header that is too long");
  return parse_header(read_bytes(file, length));
}

/// Returns the number of values after checking it against the file.
/// @param available bytes of values in the file
std::size_t count_values(const Header& header, std::uintmax_t available) {
  std::uintmax_t bytes = header.value_size;
  for (const auto side : header.shape)
    if (__builtin_mul_overflow(bytes, static_cast<std::uintmax_t>(side), &bytes))
      throw std::runtime_error("has a shape that is too large");
  if (bytes != available)
    throw std::runtime_error(fmt::format("should have {} bytes of values but has {}", bytes, available));
  return bytes / header.value_size;
}

template <typename Value>
std::vector<float> read_values(std::istream& file, std::size_t count) {
  std::vector<Value> values(count);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(Value)));
  if (static_cast<std::size_t>(file.gcount()) != count * sizeof(Value)) throw std::runtime_error("cannot be read");
  return {values.begin(), values.end()};
}

}  // namespace

std::string npy_header(std::span<const std::int64_t> shape) {
  if (shape.size() > most_dimensions) throw std::invalid_argument("the array has too many dimensions");
  std::string sides;
  for (const auto side : shape) {
    if (side < 0) throw std::invalid_argument("the array has a negative dimension");
    sides += fmt::format("{}{}", side, shape.size() == 1 ? "," : ", ");
  }
  if (shape.size() > 1) sides.resize(sides.size() - 2);
  auto text = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", sides);
  const std::size_t before = magic.size() + 4;
  text.resize(npy_header_size - before - 1, ' ');
  text += '\n';
  const auto length = text.size();
  return std::string(magic) + '\x01' + '\0' + static_cast<char>(length & 0xff) + static_cast<char>(length >> 8) + text;
}

void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const float> values) {
  std::int64_t count = 1;
  for (const auto side : shape) count *= side;
  if (count != static_cast<std::int64_t>(values.size()))
    throw std::invalid_argument("the number of values does not match the shape");
  OutputFile file(path, Overwrite::replace);
  file.write(npy_header(shape));
  file.write({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  file.close();
}

NpyArray read_npy(std::istream& stream, std::uintmax_t bytes) {
  const auto begin = stream.tellg();
  auto header = read_header(stream);
  const auto used = static_cast<std::uintmax_t>(stream.tellg() - begin);
  if (used > bytes) throw std::runtime_error("ends within its header");
  const auto count = count_values(header, bytes - used);
  auto values =
      header.value_size == sizeof(float) ? read_values<float>(stream, count) : read_values<double>(stream, count);
  return {std::move(header.shape), std::move(values)};
}

NpyArray read_npy(const std::filesystem::path& path) {
  try {
    if (!std::filesystem::is_regular_file(path)) throw std::runtime_error("no such file");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot be read; check its permissions");
    return read_npy(file, std::filesystem::file_size(path));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace onepass::io
