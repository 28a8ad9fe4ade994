// The blocks of stock networks by the names of their classes.
#pragma once

#include <span>
#include <string_view>

namespace onepass::model {

class BlockBuilder;
class Module;

/// Appends a block's operations and returns the value that holds its output.
using Block = int (*)(BlockBuilder& builder, int input, const Module& module);

struct NamedBlock {
  std::string_view type;  ///< class name in the file, such as "C2f"
  Block append;
};

std::span<const NamedBlock> convolution_blocks();
std::span<const NamedBlock> branch_blocks();
std::span<const NamedBlock> attention_blocks();

}  // namespace onepass::model
