// Describes a network: its layers, its detection head, and what a forward pass returns.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace onepass::model {

enum class HeadKind {
  dfl,      ///< YOLOv8: per level a box map of 4·reg_max channels and a class map, no objectness; YOLO26: reg_max 1
  anchors,  ///< YOLOv5: per level one map of anchors·(5 + classes) channels
};

/// Content of a head's angle map, for oriented boxes.
enum class AngleKind {
  none,     ///< no such map: boxes are axis-aligned
  sigmoid,  ///< the angle in radians is (sigmoid(raw) − ¼)·π
  radians,  ///< the raw value is the angle in radians
};

/// Properties of the detection head that are needed to decode its raw maps.
struct Head {
  HeadKind kind = HeadKind::dfl;
  int class_count = 0;
  int reg_max = 16;         ///< bins per box side (dfl); 1: the map holds the distance itself
  bool end_to_end = false;  ///< each object is predicted by one cell (YOLOv10, YOLO26): no NMS needed
  AngleKind angle = AngleKind::none;
  std::vector<int> strides;                                ///< pixels per cell of each level, finest first
  std::vector<std::vector<std::array<float, 2>>> anchors;  ///< per level (width, height) in pixels (anchors)
  std::vector<int> inputs;                                 ///< layers whose outputs the head reads, one per level
  std::string type;                                        ///< class name in the file, such as "Detect"
  std::int64_t parameters = 0;                             ///< as in Layer
};

/// One entry of the network's top-level chain, "model.<index>", except for the head at its end.
struct Layer {
  int index = 0;
  std::string type;             ///< class name in the file, such as "C2f"
  int channels = 0;             ///< channels of the output
  int stride = 0;               ///< input pixels per output cell
  std::int64_t parameters = 0;  ///< trained parameters as stored in the file; exports have fewer (layers are folded)
  int receptive_field = 0;      ///< side of the square of input pixels that a cell can depend on; 0: the whole image
};

struct ImageSize {
  int width = 0;
  int height = 0;
};

/// Longer side, in pixels, of the images that networks with this largest stride are usually trained on.
constexpr int usual_image_size(int stride) { return stride >= 64 ? 1280 : 640; }

struct NetworkInfo {
  std::string path;
  std::vector<std::string> class_names;
  int image_size = 640;                ///< longer image side used for training or export, in pixels
  int stride = 32;                     ///< input sides must be multiples of this
  std::optional<ImageSize> only_size;  ///< the only input size that the network runs on, if it is restricted to one
  Head head;
  std::vector<Layer> layers;
};

/// Raw maps of one level of the head (before any sigmoid), 1×C×H×W float, channels-last, always on the CPU. `classes`
/// is undefined for HeadKind::anchors; `angles` (C = 1) is undefined if Head::angle is AngleKind::none.
struct HeadMaps {
  at::Tensor boxes;
  at::Tensor classes;
  at::Tensor angles;
};

struct NetworkOutput {
  std::vector<HeadMaps> levels;  ///< one per stride
  std::vector<at::Tensor> taps;  ///< same format as the maps, in the order of the requested layers
};

}  // namespace onepass::model
