// Provides the building blocks of stock networks by class name.
#pragma once

#include "model/graph/graph_builder.hpp"

namespace onepass::model {

/// Appends a block's operations and returns the value that holds its output.
using Block = int (*)(GraphBuilder& builder, int input, const Module& module);

/// @throws std::runtime_error naming the class, if it is not supported.
Block block_of(const Module& module);

}  // namespace onepass::model
