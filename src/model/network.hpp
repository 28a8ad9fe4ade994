// A stock YOLO network as read from its file: what it is, and how to run it with any of its layers tapped.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "onepass/config.hpp"

namespace onepass {

enum class HeadKind {
  dfl,      ///< YOLOv8: per level a box map of 4·reg_max channels and a class map, no objectness; 26: reg_max 1
  anchors,  ///< YOLOv5: per level one map of anchors·(5 + classes) channels
};

/// What a head's angle map holds, of boxes that are turned.
enum class AngleKind {
  none,     ///< no such map: boxes stand upright
  sigmoid,  ///< the angle is (sigmoid(raw) − ¼)·π
  radians,  ///< the angle itself
};

/// What the detection head predicts, as needed to decode its raw maps.
struct Head {
  HeadKind kind = HeadKind::dfl;
  int class_count = 0;
  int reg_max = 16;         ///< bins per box side (dfl); 1: the distance itself
  bool end_to_end = false;  ///< one cell answers for each object (v10, 26): its boxes need no suppression
  AngleKind angle = AngleKind::none;
  std::vector<int> strides;                                ///< pixels per cell of each level, finest first
  std::vector<std::vector<std::array<float, 2>>> anchors;  ///< per level (width, height) in pixels (anchors)
  std::vector<int> inputs;                                 ///< layers whose outputs the head reads, one per level
  std::string type;                                        ///< class name in the file, such as "Detect"
  std::int64_t parameters = 0;                             ///< as Layer counts them
};

/// One entry of the network's top-level chain, "model.<index>"; the head at its end is not among them.
struct Layer {
  int index = 0;
  std::string type;             ///< class name in the file, such as "C2f"
  int channels = 0;             ///< of its output
  int stride = 0;               ///< input pixels per output cell
  std::int64_t parameters = 0;  ///< numbers that were trained, as the file holds them: exports have fewer (folded)
  int receptive_field = 0;      ///< side of the square of input pixels that a cell can depend on; 0: all of the image
};

struct NetworkInfo {
  std::string path;
  std::vector<std::string> class_names;
  int image_size = 640;  ///< longer side the network was trained or exported for
  int stride = 32;       ///< input sides must be multiples of it
  Head head;
  std::vector<Layer> layers;
};

/// Raw maps of one level of the head (before any sigmoid), 1×C×H×W float, channels-last, on the processor whatever the
/// device; `classes` is undefined for HeadKind::anchors, `angles` (C = 1) unless Head::angle says so.
struct HeadMaps {
  at::Tensor boxes;
  at::Tensor classes;
  at::Tensor angles;
};

struct NetworkOutput {
  std::vector<HeadMaps> levels;  ///< one per stride
  std::vector<at::Tensor> taps;  ///< like the maps, in the order the taps were asked for
};

/// A loaded network. Loading and preparing are separate, since which layers to tap depends on what the file holds.
class Network {
 public:
  virtual ~Network() = default;

  const NetworkInfo& info() const { return info_; }

  /// Fixes the layers to tap, the device ("cpu", "cuda", "cuda:N") and the executor; called once, before forward().
  /// @throws std::runtime_error naming the layers that exist, or why the device cannot be used.
  virtual void prepare(std::span<const int> tap_layers, const std::string& device,
                       ExecutorChoice executor = ExecutorChoice::automatic) = 0;

  /// @param image 1×3×H×W float RGB in [0, 1]; H and W multiples of info().stride.
  virtual NetworkOutput forward(const at::Tensor& image) const = 0;

 protected:
  NetworkInfo info_;
};

/// Reads a stock checkpoint (.pt) or TorchScript export (.torchscript), told apart by content, not by name.
/// @throws std::runtime_error: one line with file, layer index and class, and what to do.
std::unique_ptr<Network> load_network(const std::filesystem::path& path);

}  // namespace onepass
