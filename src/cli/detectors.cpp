#include "cli/detectors.hpp"

#include <stdexcept>

#if !ONEPASS_WITH_TORCH
namespace onepass {
namespace {

constexpr const char* kAdvice =
    "this build of onepass has no LibTorch and runs no models; install libtorch-dev and configure with "
    "-DONEPASS_WITH_TORCH=ON";

}  // namespace

// The functions of the public API that the model library defines in other builds.

std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig&, const EmbedConfig&) {
  if (!std::filesystem::exists(path)) throw std::runtime_error(path.string() + ": no such file");
  throw std::runtime_error(path.string() + ": " + kAdvice + ", or give --detections");
}

std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model>, const DetectorConfig&) {
  throw std::runtime_error(kAdvice);
}

}  // namespace onepass
#endif

namespace onepass::cli {

DetectorFactory::DetectorFactory(const std::string& model, const Config& config) : config_(config.detector) {
  if (!model.empty()) model_ = load_model(model, config.detector, config.embed);
}

std::unique_ptr<Detector> DetectorFactory::open(const std::filesystem::path& detections, const SourceInfo& source,
                                                const WarningHandler& warn) const {
  return model_ ? make_detector(model_, config_) : replay_detections(detections, source.frame_count, warn);
}

}  // namespace onepass::cli
