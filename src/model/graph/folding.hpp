// Folds recorded convolution, batch normalization and activation modules into one convolution.
#pragma once

#include <cstddef>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/read/module.hpp"

namespace onepass::model {

/// Reads a torch Conv2d.
/// @throws std::runtime_error for features that no stock YOLO uses: dilation, padding with values other than zero.
Convolution plain_convolution(const Module& conv);

/// A torch ConvTranspose2d whose kernel is as large as its stride k: a 1×1 convolution to out·k² channels, which
/// DepthToSpace then spreads over k×k cells. @throws std::runtime_error for any other one.
struct Upconvolution {
  Convolution convolution;
  DepthToSpace spread;
};
Upconvolution upconvolution(const Module& conv);

/// Scale and shift per channel to which a BatchNorm2d reduces at inference, in double.
struct Normalization {
  std::vector<double> scale;
  std::vector<double> shift;
};
Normalization normalization(const Module& batch_norm);

/// Of `count` channels, beginning with `first`. @throws std::runtime_error if there are fewer.
Normalization part_of(const Normalization& normalization, std::size_t first, std::size_t count);

/// Folds a normalization that follows the convolution into it.
Convolution fold(Convolution convolution, const Normalization& normalization);

/// The convolution of the stock block "Conv" (child conv, with child bn folded in if present), without its activation.
Convolution folded_convolution(const Module& block);

/// Sets the activation from a torch activation module. @throws std::runtime_error if it is not supported.
void set_activation(Convolution& convolution, const Module& activation);

/// Merges two parallel convolutions whose outputs are summed; the smaller kernel is centered in the larger one.
Convolution merge_parallel(Convolution wide, const Convolution& narrow);

/// Merges the identity branch of RepConv, a normalization of the input, into the convolution.
Convolution merge_identity(Convolution convolution, const Normalization& identity);

/// The 2×2 space-to-depth that Focus and ReOrg begin with, as a convolution that copies values: each output channel has
/// one weight, which is 1. Moves the pixels (row, column) = (0,0), (1,0), (0,1), (1,1) of each 2×2 block to `channels`
/// output channels each, in this order.
Convolution space_to_depth(int channels);

/// Merges the 2×2 space-to-depth of the stock block "Focus" into the convolution that follows it, which doubles the
/// convolution's kernel size, stride and padding.
Convolution fold_space_to_depth(const Convolution& convolution);

}  // namespace onepass::model
