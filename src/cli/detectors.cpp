#include "cli/detectors.hpp"

namespace onepass::cli {

DetectorFactory::DetectorFactory(const std::string& model, const Config& config) : config_(config.detector) {
  if (!model.empty()) model_ = load_model(model, config.detector, config.embed);
}

std::unique_ptr<Detector> DetectorFactory::open(const std::filesystem::path& detections, const SourceInfo& source,
                                                const WarningHandler& warn) const {
  return model_ ? make_detector(model_, config_) : replay_detections(detections, source.frame_count, warn);
}

}  // namespace onepass::cli
