#include "model/graph/blocks.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "model/graph/blocks/table.hpp"

namespace onepass::model {
namespace {

// Stock networks nest 6 levels deep and have a few hundred modules. A module of a damaged file may contain itself.
constexpr int most_depth = 32;
constexpr int most_visits = 20'000;

/// @throws std::runtime_error naming the class, if it is not supported.
Block block_of(const Module& module) {
  const auto type = module.type();
  for (const auto& blocks : {convolution_blocks(), branch_blocks(), attention_blocks()}) {
    const auto found = std::ranges::find(blocks, type, &NamedBlock::type);
    if (found != blocks.end()) return found->append;
  }
  throw std::runtime_error(
      fmt::format("module class '{}' is not supported; export the model to TorchScript and load that file",
                  module.qualified_type()));
}

}  // namespace

int BlockBuilder::run(int input, const Module& module) {
  if (++visits_ > most_visits || depth_ >= most_depth)
    throw std::runtime_error("modules nested too deeply, or too many modules; the file is damaged");
  ++depth_;
  const int output = block_of(module)(*this, input, module);
  --depth_;
  return output;
}

int BlockBuilder::run_chain(int input, const std::vector<Module>& modules) {
  for (const auto& module : modules) input = run(input, module);
  return input;
}

}  // namespace onepass::model
