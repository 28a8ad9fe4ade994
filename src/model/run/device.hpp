// The device that a network runs on.
#pragma once

#include <string>

namespace onepass::model {

/// The processor, or one of the CUDA devices.
struct Device {
  bool cuda = false;
  int index = 0;  ///< of the CUDA device

  /// As users write it: "cpu" or "cuda:1".
  std::string name() const;
};

/// @param name "cpu", "cuda" or "cuda:N". Whether the device exists is known to the engine that uses it.
/// @throws std::runtime_error for any other name.
Device parse_device(const std::string& name);

}  // namespace onepass::model
