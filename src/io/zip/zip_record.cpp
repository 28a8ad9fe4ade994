#include "io/zip/zip_record.hpp"

#include <limits>
#include <stdexcept>

#include <fmt/format.h>
#include <zlib.h>

namespace onepass::io {
namespace {

// Layout: PKWARE APPNOTE.TXT 6.3, section 4.3.7 (local header).
constexpr std::size_t local_bytes = 30;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflated = 8;

std::string packed_bytes(BoundedFile& file, const ZipEntry& entry) {
  const auto head = file.read(entry.offset, local_bytes);
  const auto length = [&](std::size_t at) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(head[at])) +
           256 * static_cast<std::uint64_t>(static_cast<unsigned char>(head[at + 1]));
  };
  // The lengths of the name and of the extra field, which may differ from those in the directory.
  return file.read(entry.offset + local_bytes + length(26) + length(28), entry.packed);
}

/// Raw deflate (RFC 1951). @throws std::runtime_error unless exactly `size` bytes are unpacked.
std::string inflated(std::string packed, std::uint64_t size) {
  constexpr auto most = std::numeric_limits<uInt>::max();
  constexpr std::uint64_t highest_ratio = 1032;  // of deflate: 258 bytes for two bits
  if (packed.size() > most || size > most) throw std::runtime_error("is packed and larger than 4 GiB");
  if (size > highest_ratio * (packed.size() + 1)) throw std::runtime_error("claims to unpack to more than it can hold");
  std::string bytes(size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const bool good = inflateInit2(&stream, -MAX_WBITS) == Z_OK && inflate(&stream, Z_FINISH) == Z_STREAM_END &&
                    stream.total_out == size;
  inflateEnd(&stream);
  if (!good) throw std::runtime_error("cannot be unpacked; the file is damaged");
  return bytes;
}

}  // namespace

std::string read_record(BoundedFile& file, const ZipEntry& entry) {
  const auto failed = [&](const char* why) { return std::runtime_error(fmt::format("{} {}", entry.name, why)); };
  if (entry.method != stored && entry.method != deflated) throw failed("is packed in an unknown way");
  std::string bytes;
  try {
    bytes = packed_bytes(file, entry);
    if (entry.method == deflated) bytes = inflated(std::move(bytes), entry.size);
  } catch (const std::runtime_error& error) {
    throw failed(error.what());
  }
  if (bytes.size() != entry.size) throw failed("does not have the size that it claims");
  require_intact(entry, bytes);
  return bytes;
}

}  // namespace onepass::io
