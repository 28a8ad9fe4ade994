// In a build without LibTorch there is no model to load; detections are replayed from files or come from elsewhere.
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
