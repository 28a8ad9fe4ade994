// Checks requests to a network (layers, images) and shortens error messages, for all types of model files.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/network.hpp"

namespace onepass::model {

/// @throws std::runtime_error naming the existing layers, unless all of `layers` exist.
void require_layers(const NetworkInfo& info, std::span<const int> layers);

/// @throws std::runtime_error unless the image is 1×3×H×W float and H and W are multiples of the network's stride.
void require_image(const NetworkInfo& info, const at::Tensor& image);

/// The first line of a text: messages of libraries can have many lines, ours have one.
std::string first_line(std::string_view text);

}  // namespace onepass::model
