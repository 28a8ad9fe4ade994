// The table of contents of a zip file, read before anything in it is unpacked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace onepass {

struct ZipEntry {
  std::string name;          ///< as stored, such as "yolov8n/data.pkl"
  std::uint64_t size = 0;    ///< bytes once unpacked, as the file claims
  std::uint64_t packed = 0;  ///< bytes in the file
  std::uint32_t crc = 0;     ///< CRC-32 of the unpacked bytes
};

/// Lists the entries of a zip file (zip64 included).
/// @throws std::runtime_error if the directory is damaged, or claims far more bytes than a file of this size can hold.
std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path);

/// The entry of this name inside the archive's top folder, such as "data.pkl"; null if there is none.
const ZipEntry* find_record(const std::vector<ZipEntry>& entries, std::string_view name);

/// Throws std::runtime_error if these unpacked bytes are not those that the directory has a checksum of.
void require_intact(const ZipEntry& entry, std::string_view bytes);

}  // namespace onepass
