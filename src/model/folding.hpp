// From recorded convolution, normalisation and activation modules to one convolution.
#pragma once

#include "model/graph.hpp"
#include "model/module.hpp"

namespace onepass {

/// A torch Conv2d. @throws std::runtime_error for what no stock YOLO has: dilation, other padding than zeros.
Convolution plain_convolution(const Module& conv);

/// Scale and shift per channel that a BatchNorm2d amounts to when it does not learn.
struct Normalisation {
  at::Tensor scale;
  at::Tensor shift;
};
Normalisation normalisation(const Module& batch_norm);

/// Channels `first` … of the normalisation that follow the convolution, folded into it.
Convolution fold(Convolution convolution, const Normalisation& normalisation);

/// The convolution of the stock block "Conv": child conv, perhaps bn; without its activation.
Convolution folded_convolution(const Module& block);

/// Sets the activation to that of a torch activation module.
void set_activation(Convolution& convolution, const Module& activation);

/// Sums parallel convolutions of kernels 3×3 (or larger) and smaller ones with the same centre.
Convolution merge_parallel(Convolution wide, const Convolution& narrow);

/// Adds a normalisation of the input itself, the identity branch of RepConv.
Convolution merge_identity(Convolution convolution, const Normalisation& identity);

/// A convolution that follows the 2×2 space-to-depth of the stock block "Focus", as one of twice the kernel and stride.
Convolution fold_space_to_depth(const Convolution& convolution);

}  // namespace onepass
