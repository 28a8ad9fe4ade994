#include "cli/detectors.hpp"

#include "pipeline/replay.hpp"

namespace onepass::cli {

DetectorFactory::DetectorFactory(const std::string& model, const Config& config) : config_(config.detector) {
  if (!model.empty()) model_ = load_model(model, config.detector, config.embed);
}

std::unique_ptr<Detector> DetectorFactory::open(const std::filesystem::path& detections, const SourceInfo& source,
                                                const WarningHandler& warn,
                                                const pipeline::DetectionObserver& observe) const {
  auto detector =
      model_ ? make_detector(model_, config_) : pipeline::replay(detections, source.frame_count, source.size, warn);
  return observe ? pipeline::make_watched(std::move(detector), observe) : std::move(detector);
}

}  // namespace onepass::cli
