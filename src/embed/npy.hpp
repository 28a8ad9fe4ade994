// Arrays of float32 in NumPy's format (.npy, version 1.0).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace onepass {

/// The bytes before the values of a C-contiguous little-endian float32 array; always npy_header_size of them, so that
/// the shape can be written once it is known.
/// @throws std::invalid_argument for more than eight dimensions, or negative ones.
std::string npy_header(std::span<const std::int64_t> shape);
inline constexpr std::size_t npy_header_size = 192;

/// Writes a whole array; the file appears when it is complete, in the place of an earlier one.
/// @throws std::runtime_error naming the path.
void write_npy(const std::filesystem::path& path, std::span<const std::int64_t> shape, std::span<const float> values);

struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  ///< row after row
};

/// Reads a float32 or float64 array of version 1 to 3, little-endian, C-contiguous.
/// @throws std::runtime_error "<path>: …" for anything else, and where the file does not have exactly the values that
///         its header announces (checked before anything is allocated).
NpyArray read_npy(const std::filesystem::path& path);

}  // namespace onepass
