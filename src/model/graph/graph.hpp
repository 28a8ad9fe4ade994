// Represents a network as a flat list of operations on numbered values, independent of the executor.
#pragma once

#include <variant>
#include <vector>

#include "model/graph/network_info.hpp"
#include "model/graph/tensor.hpp"

namespace onepass::model {

enum class Activation { none, silu, relu, leaky_relu };

/// Convolution with batch normalization folded in, followed by the activation and, if `residual` is not -1, the
/// addition of that value.
struct Convolution {
  Tensor weight;  ///< out×(in / groups)×k×k, float
  Tensor bias;    ///< out
  int stride = 1;
  int padding = 0;
  int groups = 1;
  Activation activation = Activation::none;
  double slope = 0;   ///< of leaky_relu for negative inputs
  int residual = -1;  ///< value added to the result, or -1
};
struct MaxPool {
  int kernel = 1;
  int stride = 1;
  int padding = 0;
};
/// Mean of each 2×2 neighborhood at stride 1; the output has one row and one column fewer than the input.
struct AveragePool {};
struct UpsampleNearest {};  ///< by a factor of 2
/// Spreads the channels of each cell over block×block cells: channel c·block² + y·block + x goes to channel c.
struct DepthToSpace {
  int block = 2;
};
struct Concat {};  ///< along the channels
struct Slice {     ///< a range of channels
  int first = 0;
  int count = 0;
};
struct Add {};
struct ZeroPad {  ///< numbers of rows and columns of zeros to add
  int left = 0;
  int right = 0;
  int top = 0;
  int bottom = 0;
};
/// Self-attention over all cells, or separately within each of `areas` equal runs of consecutive cells in row-major
/// order (area attention: Tian et al., YOLOv12, 2025). Input: per head, the channels of the query (key_channels), key
/// (key_channels) and value (value_channels). Output: heads·value_channels channels, softmax(qᵀk / √key_channels)
/// applied to the values.
struct SelfAttention {
  int heads = 1;
  int key_channels = 0;
  int value_channels = 0;
  int areas = 1;
};
/// Extracts the value channels of all heads from the input of SelfAttention and concatenates them.
struct AttentionValues {
  int heads = 1;
  int key_channels = 0;
  int value_channels = 0;
};

using Operation = std::variant<Convolution, MaxPool, AveragePool, UpsampleNearest, DepthToSpace, Concat, Slice, Add,
                               ZeroPad, SelfAttention, AttentionValues>;

struct Step {
  Operation operation;
  std::vector<int> inputs;  ///< values read, except for a convolution's residual
  int output = 0;           ///< value written; each value is written once
};

/// All values that a step reads: its inputs and a convolution's residual.
std::vector<int> values_read(const Step& step);

struct Level {
  int boxes = 0;       ///< value with the raw boxes, or with everything (HeadKind::anchors)
  int classes = -1;    ///< value with the class logits, or -1
  int angles = -1;     ///< value with the raw angles of oriented boxes, or -1
  int masks = -1;      ///< value with the coefficients of masks, or -1
  int keypoints = -1;  ///< value with the raw keypoints, or -1

  /// The values of the level that are not -1.
  std::vector<int> values() const;
};

struct Graph {
  std::vector<Step> steps;
  int value_count = 0;      ///< value 0 is the image
  std::vector<int> layers;  ///< output value of each layer of the chain, without the head
  std::vector<Level> levels;
  int prototypes = -1;  ///< value with the prototypes of masks, or -1

  LevelMaps level_maps() const;
  /// The values that the head returns: those of its levels, and then the prototypes, if any.
  std::vector<int> head_values() const;
};

/// Fuses an addition into a convolution, as its residual, if one term is the output of a convolution that has no other
/// reader, and the other term is computed before that convolution.
void fuse_residuals(Graph& graph);

}  // namespace onepass::model
