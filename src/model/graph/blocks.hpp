// Builds a graph from the building blocks of stock networks.
#pragma once

#include <vector>

#include "model/graph/graph_builder.hpp"
#include "model/read/module.hpp"

namespace onepass::model {

class BlockBuilder : public GraphBuilder {
 public:
  /// Appends the operations of the module, chosen by its class name. @return the output value.
  /// @throws std::runtime_error naming the class, if it is not supported.
  int run(int input, const Module& module);

  /// Appends the modules one after the other. @return the output value of the last one.
  int run_chain(int input, const std::vector<Module>& modules);

 private:
  int depth_ = 0;
  int visits_ = 0;
};

}  // namespace onepass::model
