#include "model/run/requests.hpp"

#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {

void require_layers(const NetworkInfo& info, std::span<const int> layers) {
  for (const int layer : layers)
    if (layer < 0 || layer >= static_cast<int>(info.layers.size()))
      throw std::runtime_error(fmt::format("{}: there is no layer {} to take features from; it has layers 0 to {}",
                                           info.path, layer, info.layers.size() - 1));
}

void require_image(const NetworkInfo& info, const at::Tensor& image) {
  if (image.defined() && image.dim() == 4 && image.size(0) == 1 && image.size(1) == 3 && image.size(2) > 0 &&
      image.size(3) > 0 && image.size(2) % info.stride == 0 && image.size(3) % info.stride == 0 &&
      image.scalar_type() == at::kFloat)
    return;
  std::ostringstream shape;
  if (image.defined()) shape << image.sizes() << " of type " << image.scalar_type();
  throw std::runtime_error(fmt::format("{}: expects a float image of 1×3×H×W with H and W multiples of {}; got {}",
                                       info.path, info.stride, image.defined() ? shape.str() : "none"));
}

std::string first_line(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

}  // namespace onepass::model
