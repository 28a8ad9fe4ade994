// Implements model loading in a build without LibTorch: it always throws. Detections must come from files or the
// caller.
#include <stdexcept>

#include "onepass/detector.hpp"
#include "without_torch/advice.hpp"

namespace onepass {

std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig&, const EmbedConfig&) {
  if (!std::filesystem::exists(path)) throw std::runtime_error(path.string() + ": no such file");
  throw std::runtime_error(path.string() + ": " + without_torch_advice + ", or give --detections");
}

std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model>, const DetectorConfig&) {
  throw std::runtime_error(without_torch_advice);
}

}  // namespace onepass
