// Describes a network: its layers, its detection head, and what a forward pass returns.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/tensor.hpp"

namespace onepass::model {

enum class HeadKind {
  dfl,      ///< YOLOv8: per level a box map of 4·reg_max channels and a class map, no objectness; YOLO26: reg_max 1
  anchors,  ///< YOLOv5: per level one map of anchors·(5 + classes) channels
  rows,     ///< no raw maps: the network returns rows that it has decoded, of a RowLayout
};

/// Content of a head's angle map, for oriented boxes.
enum class AngleKind {
  none,     ///< no such map: boxes are axis-aligned
  sigmoid,  ///< the angle in radians is (sigmoid(raw) − ¼)·π
  radians,  ///< the raw value is the angle in radians
};

/// How the raw values of a head become keypoints, in cells: twice the value plus the cell's corner (YOLOv8), or the
/// value plus the cell's center (YOLO26).
enum class KeypointCoding { corner, center };

/// The keypoints of a pose model. Each has x and y and, if there are three values, a score.
struct KeypointLayout {
  int count = 0;   ///< 0: the model has none
  int values = 3;  ///< per keypoint, 2 or 3
  KeypointCoding coding = KeypointCoding::corner;

  int channels() const { return count * values; }
};

enum class RowBoxes {
  center,   ///< center x, center y, width, height
  corners,  ///< left, top, right, bottom
  offsets,  ///< YOLOX: offsets of the center from the cell's corner in cells, logarithms of the size in cells
};

enum class RowUnit { pixels, shares };  ///< shares: of the input's width and height

enum class RowScores {
  classes,     ///< a probability per class
  logits,      ///< a logit per class
  objectness,  ///< the objectness, then a probability per class; the score is their product
  best,        ///< probability of the best class, then the number of that class
};

/// Columns of a row: four for the box, then the scores; all others are ignored.
struct RowLayout {
  RowBoxes boxes = RowBoxes::center;
  RowUnit unit = RowUnit::pixels;
  RowScores scores = RowScores::classes;
  int angle_column = -1;     ///< column of the box's angle in radians, or -1: boxes are axis-aligned
  int rows_per_cell = 0;     ///< rows are ordered by level, number within the cell, y and x; 0: rows have no cells
  int mask_column = -1;      ///< first of the coefficients of the mask, or -1
  int keypoint_column = -1;  ///< first of the keypoints, in pixels of the input, or -1
};

/// Properties of the detection head that are needed to decode its raw maps or its rows.
struct Head {
  HeadKind kind = HeadKind::dfl;
  int class_count = 0;
  int reg_max = 16;         ///< bins per box side (dfl); 1: the map holds the distance itself
  bool end_to_end = false;  ///< each object is predicted by one cell (YOLOv10, YOLO26) or query: no NMS needed
  AngleKind angle = AngleKind::none;
  int mask_channels = 0;                                   ///< prototypes of masks, and coefficients per object
  KeypointLayout keypoints;                                ///< of pose models
  RowLayout rows;                                          ///< of HeadKind::rows
  std::vector<int> strides;                                ///< pixels per cell of each level, finest first
  std::vector<std::vector<std::array<float, 2>>> anchors;  ///< per level (width, height) in pixels (anchors)
  std::vector<int> inputs;      ///< layers whose outputs the head reads, one per level; empty if unknown
  std::string type;             ///< class name in the file, such as "Detect"
  std::int64_t parameters = 0;  ///< as in Layer
};

/// Whether it is known which cell of the head predicted a box.
inline bool has_cells(const Head& head) { return head.kind != HeadKind::rows || head.rows.rows_per_cell > 0; }

/// One entry of the network's top-level chain, "model.<index>", except for the head at its end; or another operator
/// that computes a feature map.
struct Layer {
  int index = 0;
  std::string type;             ///< class name in the file, such as "C2f"
  int channels = 0;             ///< channels of the output
  int stride = 0;               ///< input pixels per output cell
  std::int64_t parameters = 0;  ///< trained parameters as stored in the file; exports have fewer (layers are folded)
  int receptive_field = 0;      ///< side of the square of input pixels that a cell can depend on; 0: the whole image
  std::string name{};           ///< name of the module, or of the operator that computes the output
};

struct ImageSize {
  int width = 0;
  int height = 0;
};

/// Longer side, in pixels, of the images that networks with this largest stride are usually trained on.
constexpr int usual_image_size(int stride) { return stride >= 64 ? 1280 : 640; }

/// Place of the frame in the network's input.
enum class FrameFit {
  centered,   ///< scaled with its aspect ratio, padded with gray on both sides
  top_left,   ///< scaled with its aspect ratio, padded with gray on the right and below
  stretched,  ///< scaled to the whole input
};

struct NetworkInfo {
  std::string path;
  std::vector<std::string> class_names;
  int image_size = 640;                ///< longer image side used for training or export, in pixels
  int stride = 32;                     ///< input sides must be multiples of this
  std::optional<ImageSize> only_size;  ///< the only input size that the network runs on, if it is restricted to one
  FrameFit fit = FrameFit::centered;
  Head head;
  std::vector<Layer> layers;
  std::vector<Layer> operators;  ///< of ONNX and OpenVINO files: other operators with maps, numbered after the layers
};

/// The layer or operator with this number.
/// @throws std::out_of_range if there is none.
inline const Layer& layer_at(const NetworkInfo& network, int index) {
  const auto place = static_cast<std::size_t>(index);
  return place < network.layers.size() ? network.layers[place] : network.operators.at(place - network.layers.size());
}

/// Raw maps of one level of the head (before any sigmoid), 1×H×W×C float. Maps that the head does not have are
/// undefined. With HeadKind::anchors, `boxes` holds all values of the anchors.
struct HeadMaps {
  Tensor boxes;
  Tensor classes;
  Tensor angles;     ///< C = 1
  Tensor masks;      ///< coefficients, C = Head::mask_channels
  Tensor keypoints;  ///< C = Head::keypoints.channels()
};

/// The maps that a network returns beside the boxes of each level.
struct LevelMaps {
  bool classes = false;
  bool angles = false;
  bool masks = false;
  bool keypoints = false;
  bool prototypes = false;  ///< one map for all levels
};

struct NetworkOutput {
  std::vector<HeadMaps> levels;  ///< one per stride; none for HeadKind::rows
  Tensor rows;                   ///< 1×N×columns float (HeadKind::rows)
  Tensor prototypes;             ///< 1×h×w×mask_channels, covering the input; undefined if the network has no masks
  std::vector<Tensor> taps;      ///< same format as the maps, in the order of the requested layers
};

}  // namespace onepass::model
