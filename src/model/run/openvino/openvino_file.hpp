// Reads a model file that OpenVINO can read (.onnx, or .xml with .bin), and describes its network.
#pragma once

#include <filesystem>
#include <memory>

#include "model/graph/network_info.hpp"
#include "model/run/openvino/openvino_file_model.hpp"

namespace onepass::model {

struct OpenvinoModel {
  NetworkInfo info;  ///< `path` is left empty
  std::shared_ptr<const OpenvinoFile> file;
};

/// Notes about the network are read from its metadata, from metadata.yaml in the folder of an .xml file, and from a
/// YAML file beside the model, of the same name.
/// @throws std::runtime_error; the message does not contain the path, which the caller adds.
OpenvinoModel read_openvino(const std::filesystem::path& path);

/// Whether the network computes in int8, at least in part.
bool is_quantized(const OpenvinoFile& file);

}  // namespace onepass::model
