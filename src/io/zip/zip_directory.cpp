#include "io/zip/zip_directory.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "io/bounded_file.hpp"
#include "io/checksum.hpp"

namespace onepass::io {
namespace {

// Signatures and layouts: PKWARE APPNOTE.TXT 6.3, sections 4.3.12 (entry), 4.3.14-16 (end records), 4.5.3 (zip64).
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t locator64_bytes = 20;
constexpr std::size_t longest_comment = 65535;
constexpr std::uint32_t in_zip64_field = 0xFFFFFFFF;

constexpr const char* unreadable = "is a zip file without a readable directory, truncated or damaged; fetch it again";

[[noreturn]] void damaged() { throw std::runtime_error(unreadable); }

/// Reads little-endian numbers from a block of bytes. @throws std::runtime_error beyond its end.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number(std::size_t offset, std::size_t width) const {
    if (offset > bytes_.size() || bytes_.size() - offset < width) damaged();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[offset + i])} << (8 * i);
    return value;
  }
  std::uint16_t u16(std::size_t offset) const { return static_cast<std::uint16_t>(number(offset, 2)); }
  std::uint32_t u32(std::size_t offset) const { return static_cast<std::uint32_t>(number(offset, 4)); }
  std::uint64_t u64(std::size_t offset) const { return number(offset, 8); }
  std::string_view text(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) damaged();
    return bytes_.substr(offset, size);
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

/// Position of the directory in the file, and its number of entries.
struct DirectoryPlace {
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

DirectoryPlace locate_directory(BoundedFile& file) {
  const auto tail_bytes = std::min<std::uint64_t>(file.size(), end_bytes + longest_comment + locator64_bytes);
  const auto tail = file.read(file.size() - tail_bytes, tail_bytes);
  const Bytes view(tail);
  if (tail.size() < end_bytes) damaged();
  for (std::size_t at = tail.size() - end_bytes + 1; at-- > 0;) {
    if (view.u32(at) != end_signature) continue;
    if (at < locator64_bytes || view.u32(at - locator64_bytes) != locator64_signature)
      return {view.u16(at + 10), view.u32(at + 16), view.u32(at + 12)};
    const auto block = file.read(view.u64(at - locator64_bytes + 8), end64_bytes);
    const Bytes end64(block);
    if (end64.u32(0) != end64_signature) damaged();
    return {end64.u64(32), end64.u64(48), end64.u64(40)};
  }
  damaged();
}

/// Replaces numbers that do not fit in 32 bits with those in the zip64 field, which lists them in this order.
void read_zip64_field(const Bytes& extra, ZipEntry& entry) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const auto kind = extra.u16(at);
    const auto length = extra.u16(at + 2);
    if (kind == 1) {
      std::size_t field = at + 4;
      for (auto* number : {&entry.size, &entry.packed, &entry.offset}) {
        if (*number != in_zip64_field) continue;
        *number = extra.u64(field);
        field += 8;
      }
      return;
    }
    at += 4U + length;
  }
}

/// Rejects zip bombs.
void check_claimed_size(const std::vector<ZipEntry>& entries, std::uint64_t file_size, std::uint64_t allowed) {
  const std::uint64_t most = std::max(4 * file_size, allowed);
  std::uint64_t total = 0;
  for (const auto& entry : entries) {
    if (entry.packed > file_size) damaged();
    if (entry.size > most || (total += entry.size) > most)
      throw std::runtime_error(fmt::format("claims to unpack to more than {} bytes from {}; refused", most, file_size));
  }
}

}  // namespace

std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path, std::uint64_t allowed) {
  BoundedFile file(path, unreadable);
  const auto place = locate_directory(file);
  const auto block = file.read(place.offset, place.bytes);
  const Bytes directory(block);
  std::vector<ZipEntry> entries;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < place.entries; ++i) {
    if (directory.u32(at) != entry_signature) damaged();
    const std::size_t name_bytes = directory.u16(at + 28);
    const std::size_t extra_bytes = directory.u16(at + 30);
    ZipEntry entry{.name = std::string(directory.text(at + entry_bytes, name_bytes)),
                   .size = directory.u32(at + 24),
                   .packed = directory.u32(at + 20),
                   .crc = directory.u32(at + 16),
                   .method = directory.u16(at + 10),
                   .offset = directory.u32(at + 42)};
    read_zip64_field(Bytes(directory.text(at + entry_bytes + name_bytes, extra_bytes)), entry);
    entries.push_back(std::move(entry));
    at += entry_bytes + name_bytes + extra_bytes + directory.u16(at + 32);
  }
  check_claimed_size(entries, file.size(), allowed);
  return entries;
}

const ZipEntry* find_record(const std::vector<ZipEntry>& entries, std::string_view name) {
  const auto found = std::ranges::find_if(entries, [&](const ZipEntry& entry) {
    const auto slash = entry.name.find('/');
    return slash != std::string::npos && std::string_view(entry.name).substr(slash + 1) == name;
  });
  return found == entries.end() ? nullptr : &*found;
}

void require_intact(const ZipEntry& entry, std::string_view bytes) {
  if (checksum_of(bytes) != entry.crc)
    throw std::runtime_error(fmt::format("is damaged: the checksum of '{}' is wrong; fetch it again", entry.name));
}

}  // namespace onepass::io
