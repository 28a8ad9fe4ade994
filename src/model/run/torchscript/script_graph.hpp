// Finds the layers and the head in the graph of a TorchScript export, and rewrites it to return their maps.
#pragma once

#include <string>
#include <vector>

#include <torch/script.h>

#include "model/graph/network_info.hpp"
#include "model/graph/shape_parts.hpp"

namespace onepass::model {

namespace jit = torch::jit;

constexpr const char* layer_prefix = "model.";

struct ScriptLayer {
  std::string type;
  std::string path;  ///< such as "model.4"
  jit::Value* output = nullptr;
};

/// The calls of model.0, model.1, … in the outermost graph of a trace; the last call is the head.
struct ScriptChain {
  std::vector<ScriptLayer> layers;  ///< without the head
  std::string head_type;
  std::string head_path;
  std::vector<jit::Value*> head_inputs;
};

/// Kinds of the maps of a head.
struct MapKinds {
  HeadKind kind = HeadKind::dfl;
  bool end_to_end = false;
  AngleKind angle = AngleKind::none;
  ShapeKind shape = ShapeKind::none;

  /// Number of maps per level: one combined map (HeadKind::anchors), or boxes, classes and those of shapes, if any.
  std::size_t count() const { return kind == HeadKind::anchors ? 1 : shape == ShapeKind::none ? 2 : 3; }

  LevelMaps maps() const {
    const bool dfl = kind == HeadKind::dfl;
    return {.classes = dfl,
            .angles = dfl && shape == ShapeKind::angles,
            .masks = dfl && shape == ShapeKind::masks,
            .keypoints = dfl && shape == ShapeKind::keypoints,
            .prototypes = shape == ShapeKind::masks};
  }
};

/// A loaded export.
struct Script {
  jit::Module module;
  MapKinds kinds;
  std::size_t levels = 0;  ///< of the head
};

/// @throws std::runtime_error if the layers are not named as in a stock export.
ScriptChain find_chain(jit::Graph& graph);

/// Makes the graph return one tuple: the head's raw maps, the prototypes of masks, if any, and then the outputs of the
/// requested layers. Removes everything else, in particular the decoding, which restricts a trace to one image size.
/// @throws std::runtime_error if the head is not that of a stock detection model.
MapKinds rewrite(jit::Graph& graph, const std::vector<int>& layers);

/// The tensors that a method of the module returns for an image.
std::vector<at::Tensor> call_method(const jit::Module& module, const std::string& method, const at::Tensor& image);

}  // namespace onepass::model
