#include "track/memory/memory_file.hpp"

#include <array>
#include <fstream>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "io/checksum.hpp"
#include "io/disk.hpp"
#include "track/memory/identity_bytes.hpp"

namespace onepass::track {
namespace {

constexpr std::array<char, 16> magic = {'o', 'n', 'e', 'p', 'a', 's', 's', ' ', 'm', 'e', 'm', 'o', 'r', 'y', '\n', 0};
constexpr std::uint32_t version = 3;

struct Header {
  std::array<char, 16> file_magic = magic;
  std::uint32_t file_version = version;
  std::uint32_t checksum = 0;      ///< CRC-32 of the payload
  std::uint64_t payload_size = 0;  ///< size of the payload that follows, in bytes
};
static_assert(sizeof(Header) == 32);

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw std::runtime_error(path.string() + ": " + what);
}

void read_payload(ByteReader& reader, Memory::State& state) {
  state.length = reader.count_from(0);
  state.identities = reader.count_from(0);
  state.streams = reader.count_from(0);
  state.clock_s = reader.number<double>();
  state.separation = read_separation(reader);
  state.statistics = read_statistics(reader);
  std::set<std::int64_t> ids;
  for (auto left = reader.number<std::uint64_t>(); left > 0; --left) {
    auto identity = read_identity(reader, state.length);
    ByteReader::require(identity.id <= state.identities && ids.insert(identity.id).second);
    ByteReader::require(identity.last_seen_s <= state.clock_s);
    state.gallery.put(std::move(identity), state.clock_s);
  }
  ByteReader::require(reader.at_end());
}

/// Reads the payload and verifies its size and checksum.
std::string read_checked(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) fail(path, "is a folder, expected a memory file");
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "cannot open this memory file");
  Header header;
  const bool has_header = static_cast<bool>(file.read(reinterpret_cast<char*>(&header), sizeof(header)));
  if (!has_header || header.file_magic != magic) fail(path, "is not a memory file of onepass");
  if (header.file_version != version) {
    fail(path, fmt::format("is a memory file of version {}, this program reads version {}; start a new file",
                           header.file_version, version));
  }
  const auto size = std::filesystem::file_size(path) - sizeof(header);
  if (size != header.payload_size) {
    fail(path, fmt::format("is truncated or damaged: {} bytes follow its header, which states {}", size,
                           header.payload_size));
  }
  std::string payload(static_cast<std::size_t>(header.payload_size), '\0');
  file.read(payload.data(), static_cast<std::streamsize>(payload.size()));
  if (!file) fail(path, "cannot be read");
  if (io::checksum_of(payload) != header.checksum) fail(path, "is damaged: its checksum does not match its content");
  return payload;
}

}  // namespace

void read_memory(const std::filesystem::path& path, const std::string& space, Memory::State& state) {
  const auto payload = read_checked(path);
  try {
    ByteReader reader(payload);
    const auto file_space = reader.numbers<std::string>();
    if (file_space != space) {
      fail(path, fmt::format("contains embeddings of another kind: {}; those of this run are {}", file_space, space));
    }
    read_payload(reader, state);
  } catch (const std::invalid_argument&) {
    fail(path, "is damaged: it contains invalid values");
  }
}

void write_memory(const std::filesystem::path& path, const std::string& space, const Memory::State& state) {
  ByteWriter writer;
  writer.numbers(space.data(), space.size());
  writer.number(static_cast<std::int64_t>(state.length));
  writer.number(state.identities);
  writer.number(state.streams);
  writer.number(state.clock_s);
  write(writer, state.separation);
  write(writer, state.statistics);
  const auto& identities = state.gallery.identities();
  writer.number(static_cast<std::uint64_t>(identities.size()));
  for (const auto& identity : identities) write(writer, identity);

  Header header;
  header.payload_size = writer.bytes().size();
  header.checksum = io::checksum_of(writer.bytes());
  auto part = path;
  part += ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(&header), sizeof(header));
  file.write(writer.bytes().data(), static_cast<std::streamsize>(writer.bytes().size()));
  file.close();
  std::error_code error;
  if (file) error = io::rename_durably(part, path);
  if (file && !error) return;
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  fail(path, "this memory file cannot be written" + (error ? ": " + error.message() : ""));
}

}  // namespace onepass::track
