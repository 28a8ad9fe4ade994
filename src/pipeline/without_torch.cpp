// The functions of the public API that need a network, in a build without LibTorch.
#include <stdexcept>

#include "onepass/detector.hpp"

namespace onepass {
namespace {

constexpr const char* advice =
    "this build of onepass has no LibTorch and runs no models; install libtorch-dev and configure with "
    "-DONEPASS_WITH_TORCH=ON, or replay detections from a file";

}  // namespace

std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig&, const EmbedConfig&) {
  if (!std::filesystem::exists(path)) throw std::runtime_error(path.string() + ": no such file");
  throw std::runtime_error(path.string() + ": " + advice);
}

std::string caution(const Model&) { return {}; }

std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model>, const DetectorConfig&) {
  throw std::runtime_error(advice);
}

}  // namespace onepass
