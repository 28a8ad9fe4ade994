// The interface of the engines: runs a network on images.
#pragma once

#include "model/graph/network_info.hpp"

namespace onepass::model {

class Executor {
 public:
  virtual ~Executor() = default;

  /// @param image 1×3×H×W float RGB in [0, 1], on the CPU.
  /// @return float tensors on the CPU, whatever the device.
  /// @throws std::exception if the network cannot run on this image size.
  virtual NetworkOutput run(const at::Tensor& image) const = 0;
};

}  // namespace onepass::model
