// Checks of what a network is asked for, and how errors are told, the same for every kind of file.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/network.hpp"

namespace onepass {

/// @throws std::runtime_error naming the layers that exist, unless all of `layers` do.
void require_layers(const NetworkInfo& info, std::span<const int> layers);

/// @throws std::runtime_error unless this is 1×3×H×W float with sides that are multiples of the network's stride.
void require_image(const NetworkInfo& info, const at::Tensor& image);

/// Errors of libraries run over many lines; ours have one.
std::string first_line(std::string_view text);

}  // namespace onepass
