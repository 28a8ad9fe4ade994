// Reads and writes files of named arrays in NumPy's format .npz: a zip file of .npy files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "io/npy.hpp"
#include "onepass/overwrite.hpp"

namespace onepass::io {

/// The values of an array to be written, row-major.
struct NpzEntry {
  std::string name;
  std::vector<std::int64_t> shape;
  std::span<const float> values;
};

/// Writes float32 arrays, as numpy.savez does: uncompressed. The file appears only when it is complete.
/// @throws std::runtime_error as OutputFile does; also if the arrays take 4 GiB or more.
void write_npz(const std::filesystem::path& path, Overwrite overwrite, std::span<const NpzEntry> entries);

/// Reads all arrays of a file that numpy.savez, numpy.savez_compressed or write_npz wrote, by name. They are checked as
/// read_npy does.
/// @throws std::runtime_error "<path>: …" naming the array, also for damaged files, and for those that take more than
///         1 GiB of memory and more than four times as much as on the disk.
std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path);

}  // namespace onepass::io
