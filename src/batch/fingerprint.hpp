// Recognizes files and folders by their content, wherever they are: a copy on another machine is the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace onepass::batch {

struct Fingerprint {
  std::uint64_t bytes = 0;  ///< of all files
  std::int64_t files = 0;
  std::uint32_t checksum = 0;  ///< CRC-32; see the functions for what it covers

  bool operator==(const Fingerprint&) const = default;
};

/// Recognizes a source without reading all of it, which would take longer than to skip it. Of a file, the checksum
/// covers 16 blocks of 64 KiB from its start to its end; of an image folder or a MOTChallenge sequence, the names and
/// sizes of the images, and seqinfo.ini.
/// @return nullopt for a camera or a URL, whose content is unknown
/// @throws std::runtime_error naming the file if it cannot be read; as source_name.
std::optional<Fingerprint> fingerprint_of_source(const std::string& location);

/// Recognizes a file, such as a model, by all its bytes; the weights beside an .xml file of OpenVINO are included. Of a
/// folder, all files directly in it.
/// @return nullopt if the path is empty
/// @throws std::runtime_error naming the file if it cannot be read.
std::optional<Fingerprint> fingerprint_of_file(const std::filesystem::path& path);

/// Describes an output. Of a file, the checksum covers all its bytes; of a folder, the names and checksums of all files
/// in it and below, in order of their names.
/// @throws std::runtime_error naming the output if it cannot be read.
Fingerprint fingerprint_of_output(const std::filesystem::path& path);

}  // namespace onepass::batch
