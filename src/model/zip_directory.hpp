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
};

/// Lists the entries of a zip file (zip64 included).
/// @throws std::runtime_error if the directory is damaged, or claims far more bytes than a file of this size can hold.
std::vector<ZipEntry> read_zip_directory(const std::filesystem::path& path);

/// Whether an entry of this name exists inside the archive's top folder, such as "data.pkl".
bool holds_record(const std::vector<ZipEntry>& entries, std::string_view name);

}  // namespace onepass
