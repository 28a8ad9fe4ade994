// Reads and checks the directory of a zip file before anything in the file is unpacked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace onepass::io {

struct ZipEntry {
  std::string name;          ///< as stored, such as "yolov8n/data.pkl"
  std::uint64_t size = 0;    ///< unpacked size in bytes, as stated in the file
  std::uint64_t packed = 0;  ///< packed size in bytes
  std::uint32_t crc = 0;     ///< CRC-32 of the unpacked bytes
  std::uint16_t method = 0;  ///< 0: stored, 8: deflated
  std::uint64_t offset = 0;  ///< of the entry's local header in the file
};

/// Unpacked bytes of checkpoints that are allowed whatever the size of the file: weights hardly compress, and module
/// code is small.
constexpr std::uint64_t checkpoint_allowance = 32U << 20U;

/// Lists the entries of a zip file (zip64 included).
/// @param allowed total of the unpacked sizes, in bytes, that is allowed even if the file has less than a fourth of it
/// @throws std::runtime_error if the directory is damaged, or states that more is unpacked than is allowed.
std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path,
                                         std::uint64_t allowed = checkpoint_allowance);

/// The entry with this name in the archive's top folder, such as "data.pkl"; nullptr if there is none.
const ZipEntry* find_record(const std::vector<ZipEntry>& entries, std::string_view name);

/// @throws std::runtime_error if the checksum of the unpacked bytes differs from that in the directory.
void require_intact(const ZipEntry& entry, std::string_view bytes);

}  // namespace onepass::io
