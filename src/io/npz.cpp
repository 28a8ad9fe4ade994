#include "io/npz.hpp"

#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "io/bounded_file.hpp"
#include "io/checksum.hpp"
#include "io/output_file.hpp"
#include "io/zip/zip_directory.hpp"
#include "io/zip/zip_record.hpp"

namespace onepass::io {
namespace {

constexpr std::uint64_t allowance = 1U << 30U;  // unpacked bytes: arrays of zeros are packed to a thousandth

// Layouts: PKWARE APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (entry), 4.3.16 (end record).
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint64_t version = 20;
constexpr std::uint64_t first_date = 33;  // 1 January 1980: the same content gives the same bytes

void append(std::string& bytes, std::uint64_t number, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFFU);
}

/// The fields that a local header and an entry of the directory share, from the version to the length of the name.
std::string shared_fields(std::uint32_t crc, std::uint64_t size, const std::string& name) {
  std::string bytes;
  for (const auto number : {version, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{0}, first_date})
    append(bytes, number, 2);
  append(bytes, crc, 4);
  append(bytes, size, 4);
  append(bytes, size, 4);
  append(bytes, name.size(), 2);
  return bytes;
}

NpyArray read_entry(BoundedFile& file, const ZipEntry& entry) {
  auto bytes = read_record(file, entry);
  try {
    const auto size = bytes.size();
    std::istringstream stream(std::move(bytes));
    return read_npy(stream, size);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{} {}", entry.name, error.what()));
  }
}

}  // namespace

void write_npz(const std::filesystem::path& path, Overwrite overwrite, std::span<const NpzEntry> entries) {
  OutputFile file(path, overwrite);
  std::string directory;
  std::uint64_t offset = 0;
  for (const auto& entry : entries) {
    const auto name = entry.name + ".npy";
    auto bytes = npy_header(entry.shape);
    bytes.append(reinterpret_cast<const char*>(entry.values.data()), entry.values.size_bytes());
    if (offset + bytes.size() > std::numeric_limits<std::uint32_t>::max() - (1U << 20U))
      throw std::runtime_error(path.string() + ": the arrays are too large for one file (4 GiB)");
    const auto shared = shared_fields(checksum_of(bytes), bytes.size(), name);
    std::string local;
    append(local, local_signature, 4);
    local += shared;
    append(local, 0, 2);  // no extra field
    local += name;
    append(directory, entry_signature, 4);
    append(directory, version, 2);  // of the writer
    directory += shared;
    append(directory, 0, 2 + 2 + 2 + 2);  // no extra field, no comment, disk 0, no internal attributes
    append(directory, 0, 4);              // no external attributes
    append(directory, offset, 4);
    directory += name;
    file.write(local);
    file.write(bytes);
    offset += local.size() + bytes.size();
  }
  std::string end;
  append(end, end_signature, 4);
  append(end, 0, 4);  // disk 0
  append(end, entries.size(), 2);
  append(end, entries.size(), 2);
  append(end, directory.size(), 4);
  append(end, offset, 4);
  append(end, 0, 2);  // no comment
  file.write(directory);
  file.write(end);
  file.close();
}

std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path) {
  try {
    if (!std::filesystem::is_regular_file(path)) throw std::runtime_error("no such file");
    if (!std::ifstream(path)) throw std::runtime_error("cannot be read; check its permissions");
    BoundedFile file(path, "lies outside the file, which is truncated or damaged");
    std::map<std::string, NpyArray> arrays;
    for (const auto& entry : read_zip_directory(path, allowance)) {
      constexpr std::string_view ending = ".npy";
      if (!entry.name.ends_with(ending)) throw std::runtime_error(fmt::format("{} is not an array", entry.name));
      arrays[entry.name.substr(0, entry.name.size() - ending.size())] = read_entry(file, entry);
    }
    return arrays;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace onepass::io
