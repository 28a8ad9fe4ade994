// Expresses a graph in OpenVINO's operators.
#pragma once

#include <memory>
#include <vector>

#include "model/graph/graph.hpp"

namespace ov {
class Model;
}

namespace onepass::model {

/// The model of the graph for one image size.
///
/// Its input is the image, 1×H×W×3 float. Its results are the maps of the head, level by level, and then the outputs of
/// `layers`, all 1×H×W×C float: the layout of channels-last tensors. The operator that computes the output of layer N
/// is named "model.N", the one that computes another value N "value.N", and the image "image".
/// @throws std::exception if the graph cannot run on this image size.
std::shared_ptr<ov::Model> to_openvino(const Graph& graph, const std::vector<int>& layers, int height, int width);

}  // namespace onepass::model
