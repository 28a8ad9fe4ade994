// A network as a flat list of operations on numbered values, the same for every executor.
#pragma once

#include <variant>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/network.hpp"

namespace onepass {

enum class Activation { none, silu, relu, leaky_relu };

/// Convolution with the batch normalisation folded in, then activation, then `residual` added where it is a value.
struct Convolution {
  at::Tensor weight;  ///< out×(in / groups)×k×k, float
  at::Tensor bias;    ///< out
  int stride = 1;
  int padding = 0;
  int groups = 1;
  Activation activation = Activation::none;
  double slope = 0;  ///< of leaky_relu below zero
  int residual = -1;
};
struct MaxPool {
  int kernel = 1;
  int stride = 1;
  int padding = 0;
};
/// Mean of each 2×2 neighbourhood at stride 1; the output is one row and one column smaller.
struct AveragePool {};
struct UpsampleNearest {};  ///< by 2
struct Concat {};           ///< along channels
struct Slice {              ///< of channels
  int first = 0;
  int count = 0;
};
struct Add {};
struct ZeroPad {  ///< rows and columns of zeros
  int left = 0;
  int right = 0;
  int top = 0;
  int bottom = 0;
};
/// Self-attention over all cells, or within each of `areas` runs of as many cells, row after row (area attention:
/// Tian et al., YOLOv12, 2025). Input: per head, channels of query (key_channels), key (key_channels) and value
/// (value_channels); output: heads·value_channels, softmax(qᵀk / √key_channels) applied to the values.
struct SelfAttention {
  int heads = 1;
  int key_channels = 0;
  int value_channels = 0;
  int areas = 1;
};
/// The value channels of all heads out of the input of SelfAttention, side by side.
struct AttentionValues {
  int heads = 1;
  int key_channels = 0;
  int value_channels = 0;
};

using Operation = std::variant<Convolution, MaxPool, AveragePool, UpsampleNearest, Concat, Slice, Add, ZeroPad,
                               SelfAttention, AttentionValues>;

struct Step {
  Operation operation;
  std::vector<int> inputs;  ///< values, without a convolution's residual
  int output = 0;           ///< value; each is written once
};

/// What a step reads: its inputs, and a convolution's residual.
std::vector<int> values_read(const Step& step);

struct Level {
  int boxes = 0;     ///< value with the raw boxes, or with everything (HeadKind::anchors)
  int classes = -1;  ///< value with the class logits, or -1
  int angles = -1;   ///< value with the raw angles of oriented boxes, or -1

  /// The values that are there.
  std::vector<int> values() const;
};

struct Graph {
  std::vector<Step> steps;
  int value_count = 0;      ///< value 0 is the image
  std::vector<int> layers;  ///< value that layer i of the chain puts out; the head is not among them
  std::vector<Level> levels;
};

/// Adds in the convolution itself where a sum has a convolution's output as a term that nobody else reads.
void fuse_residuals(Graph& graph);

}  // namespace onepass
