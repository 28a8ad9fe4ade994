// The file of a memory: a header with version, size and checksum, then the values in the machine's byte order.
#pragma once

#include <filesystem>
#include <string>

#include "track/memory_state.hpp"

namespace onepass {

/// Fills `state`, which is fresh, from the file. Nothing in it is trusted: sizes are checked before memory is taken.
/// @throws std::runtime_error as Memory::load says.
void read_memory(const std::filesystem::path& path, const std::string& space, Memory::State& state);

/// @throws std::runtime_error naming the path.
void write_memory(const std::filesystem::path& path, const std::string& space, const Memory::State& state);

}  // namespace onepass
