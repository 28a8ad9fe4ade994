#include "io/checksum.hpp"

#include <zlib.h>

#include <fstream>
#include <stdexcept>
#include <vector>

namespace onepass::io {
namespace {

/// Continues the checksum `before` with further bytes.
uLong continued(uLong before, const void* bytes, std::size_t count) {
  return crc32_z(before, static_cast<const Bytef*>(bytes), count);
}

}  // namespace

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(continued(0, bytes.data(), bytes.size()));
}

std::uint32_t checksum_of(std::span<const float> values) {
  return static_cast<std::uint32_t>(continued(0, values.data(), values.size_bytes()));
}

std::uint32_t checksum_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  uLong checksum = 0;
  std::vector<char> chunk(1 << 20);
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    checksum = continued(checksum, chunk.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) throw std::runtime_error(path.string() + ": cannot be read");
  return static_cast<std::uint32_t>(checksum);
}

}  // namespace onepass::io
