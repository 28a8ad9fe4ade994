// Reads from an ONNX file which version of ONNX's operators it uses; OpenVINO takes the newest it knows for any other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace onepass::model {

/// The version of the operator set of the domain "ai.onnx" (ModelProto.opset_import); empty if the file names none, or
/// is not a protocol buffer. Only the fields around the network are read, not the network.
std::optional<std::int64_t> onnx_opset(const std::filesystem::path& path);

/// @throws std::runtime_error naming the version, without the path, if it does not exist in ONNX 1.23 (version 28).
void require_known_opset(const std::filesystem::path& path);

}  // namespace onepass::model
