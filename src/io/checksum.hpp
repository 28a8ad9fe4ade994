// Computes CRC-32 checksums, as used by zip, PNG and Ethernet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace onepass::io {

std::uint32_t checksum_of(std::string_view bytes);

/// Returns the checksum of the values' bytes.
std::uint32_t checksum_of(std::span<const float> values);

/// Returns the checksum of a file's content.
/// @throws std::runtime_error naming the path if the file cannot be read.
std::uint32_t checksum_of_file(const std::filesystem::path& path);

}  // namespace onepass::io
