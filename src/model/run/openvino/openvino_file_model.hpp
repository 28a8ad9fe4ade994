// A model that OpenVINO has read, and the models to run that are made from it: of one image size, with the outputs that
// are needed.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "model/graph/network_info.hpp"
#include "model/run/openvino/openvino_layers.hpp"
#include "model/run/openvino/openvino_outputs.hpp"

namespace ov {
class Core;
class Model;
class Node;
template <class NodeType>
class Output;
}  // namespace ov

namespace onepass::model {

/// A model as OpenVINO has read it, and what its input and its outputs mean.
struct OpenvinoFile {
  std::shared_ptr<ov::Core> core;  ///< that has read the model
  std::shared_ptr<const ov::Model> model;
  RowSource rows;
  std::vector<ValueName> layers;
  bool bgr = false;
  std::array<float, 3> mean{0, 0, 0};  ///< of the network's input, for values in [0, 1]
  std::array<float, 3> scale{1, 1, 1};
};

/// A copy of the model with static shapes. Inputs other than the image, which deployed models of query detectors have,
/// are replaced by the size of the image, which boxes are returned for.
std::shared_ptr<ov::Model> at_size(const ov::Model& model, const ImageSize& size);

/// The operator that computes the value, without those that only change its layout.
const ov::Node& origin(const ov::Output<ov::Node>& value);

/// The model for one image size. Its input is the image, 1×H×W×3 float RGB in [0, 1]. Its results are the rows,
/// 1×N×columns, the prototypes of masks, if any, and then the outputs of `layers`, both 1×H×W×C, all float.
/// @throws std::exception if the network cannot run on this image size.
std::shared_ptr<ov::Model> to_openvino(const OpenvinoFile& file, const std::vector<int>& layers, int height, int width);

}  // namespace onepass::model
