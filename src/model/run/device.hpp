// Finds the device that a network runs on.
#pragma once

#include <string>

#include <c10/core/Device.h>

namespace onepass::model {

/// @param name "cpu", "cuda" or "cuda:N".
/// @throws std::runtime_error if the device does not exist or this LibTorch cannot use it.
c10::Device find_device(const std::string& name);

}  // namespace onepass::model
