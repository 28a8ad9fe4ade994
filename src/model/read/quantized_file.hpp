// Reads and writes quantized models: a small YAML file that names a model and the ranges of its values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "model/graph/value_ranges.hpp"

namespace onepass::model {

struct QuantizedFile {
  std::filesystem::path model;  ///< the model itself
  ValueRanges ranges;
};

/// Whether these are the first bytes of a quantized model.
bool is_quantized_file(std::string_view first_bytes);

/// What the file itself says.
struct QuantizedText {
  std::string model;           ///< absolute, or relative to the folder of the file
  std::uint32_t checksum = 0;  ///< CRC-32 of the model
  ValueRanges ranges;
};

/// Reads the file without looking for its model. @throws std::runtime_error if a part is missing or impossible.
QuantizedText read_quantized_text(const std::filesystem::path& path);

/// @throws std::runtime_error if a part is missing or impossible, or the model is not the one that was quantized.
QuantizedFile read_quantized_file(const std::filesystem::path& path);

/// The text of the file that read_quantized_file() reads.
/// @param file model: as it shall stand in the text: absolute, or relative to the folder of the file.
/// @param checksum CRC-32 of the model
/// @param images number of images that the ranges were measured on
std::string to_text(const QuantizedFile& file, std::uint32_t checksum, int images);

}  // namespace onepass::model
