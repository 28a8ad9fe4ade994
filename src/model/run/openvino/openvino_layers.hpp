// Finds the layers of an OpenVINO model: the feature maps that embeddings can be read from.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/graph/network_info.hpp"

namespace ov {
class Model;
}

namespace onepass::model {

/// A value of a model: the operator that computes it, by its name, and the number of its output.
struct ValueName {
  std::string node;
  std::size_t output = 0;
};

struct FoundLayers {
  std::vector<Layer> layers;
  std::vector<Layer> operators;    ///< all others with a map, numbered after the layers
  std::vector<ValueName> outputs;  ///< by number of layer or operator; the name is empty if the layer has no map
  std::vector<int> head_inputs;    ///< layers that the head reads, finest first; empty if unknown
  std::int64_t head_parameters = 0;
};

/// If the operators are named after the modules of a chain ("/model.4/…", "__module.model.4.…"), as those of YOLO
/// networks are, the layers are these modules, except for the last one, the head. The output of a layer is the last map
/// that later modules read.
///
/// Otherwise, the layers are the last map of the backbone at every stride, with the operator's name as their type. The
/// backbone ends where a map is enlarged.
/// @param model with static shapes, and one input, the image: 1×3×H×W
/// @param more names of operators or of their outputs, whose maps are layers too, numbered after the others.
/// @throws std::runtime_error naming one of `more` that does not exist or has no map.
FoundLayers find_layers(const ov::Model& model, const std::vector<std::string>& more);

}  // namespace onepass::model
