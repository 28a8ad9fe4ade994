// What the blocks of stock networks have in common.
#pragma once

#include <initializer_list>

#include "model/graph/blocks.hpp"
#include "model/graph/folding.hpp"

namespace onepass::model {

/// The convolution with the activation of the module that contains it, if it has one.
inline Convolution with_activation(Convolution convolution, const Module& module) {
  if (module.has_child("act")) set_activation(convolution, module.child("act"));
  return convolution;
}

/// Appends the named parts one after the other.
inline int run_parts(BlockBuilder& builder, int input, const Module& module, std::initializer_list<const char*> names) {
  for (const char* name : names) input = builder.run(input, module.child(name));
  return input;
}

}  // namespace onepass::model
