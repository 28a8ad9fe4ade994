// Reads a model file that OpenVINO can read (.onnx, or .xml with .bin), and describes its network.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "model/graph/network_info.hpp"

namespace ov {
class Model;
}

namespace onepass::model {

struct OpenvinoFile;

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

/// The model for one image size. Its input is the image, 1×H×W×3 float RGB in [0, 1]. Its results are the rows,
/// 1×N×columns, and then the outputs of `layers`, 1×H×W×C, all float.
/// @throws std::exception if the network cannot run on this image size.
std::shared_ptr<ov::Model> to_openvino(const OpenvinoFile& file, const std::vector<int>& layers, int height, int width);

}  // namespace onepass::model
