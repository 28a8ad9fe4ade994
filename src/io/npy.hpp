// Reads and writes arrays in NumPy's format (.npy); writes float32, version 1.0.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <span>
#include <string>
#include <vector>

namespace onepass::io {

/// Returns the header of a C-contiguous little-endian float32 array. It always has npy_header_size bytes, so that the
/// shape can be filled in when it is known.
/// @throws std::invalid_argument if there are more than eight dimensions, or if one is negative.
std::string npy_header(std::span<const std::int64_t> shape);
inline constexpr std::size_t npy_header_size = 192;

/// Writes a whole array. The file appears only when it is complete; it replaces an existing file.
/// @throws std::runtime_error naming the path.
void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const float> values);

struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< row-major
};

/// Reads a float32 or float64 array of version 1 to 3, little-endian, C-contiguous.
/// @throws std::runtime_error "<path>: …" for anything else, and if the number of values in the file differs from the
///         header's shape (checked before anything is allocated).
NpyArray read_npy(const std::filesystem::path& path);

/// Reads an array that takes the next `bytes` bytes of a stream.
/// @throws std::runtime_error as read_npy does, without a path.
NpyArray read_npy(std::istream& stream, std::uintmax_t bytes);

}  // namespace onepass::io
