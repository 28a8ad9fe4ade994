// Reads and writes memory files: a header with version, size and checksum, then the values in little-endian byte order.
#pragma once

#include <filesystem>
#include <string>

#include "track/memory/memory_state.hpp"

namespace onepass::track {

/// Fills a new `state` from the file. All values are checked, sizes before memory is allocated.
/// @throws std::runtime_error as documented for Memory::load.
void read_memory(const std::filesystem::path& path, const std::string& space, Memory::State& state);

/// @throws std::runtime_error naming the path if the file cannot be written.
void write_memory(const std::filesystem::path& path, const std::string& space, const Memory::State& state);

}  // namespace onepass::track
