// The interface of the engines: runs a network on images.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/graph/network_info.hpp"
#include "model/run/compute.hpp"

namespace onepass::model {

/// Divides the tensors that a network returns: the maps of each level in the order of HeadMaps, the
/// prototypes, and then the taps.
NetworkOutput divided(const std::vector<Tensor>& tensors, std::size_t levels, LevelMaps maps);

class Executor {
 public:
  virtual ~Executor() = default;

  /// The result does not depend on the mode. Calls from several threads are safe.
  /// @param image 1×H×W×3 RGB: 8-bit, or float in [0, 1].
  /// @throws std::exception if the network cannot run on this image size.
  virtual NetworkOutput run(const Tensor& image, PassMode mode) const = 0;

  /// Why the network is slow or inaccurate on this processor; empty if it is not.
  virtual std::string caution() const { return {}; }

  /// Number of threads that should run shared passes at the same time; 1 if they gain nothing.
  virtual int passes_at_once() const { return 1; }
};

}  // namespace onepass::model
