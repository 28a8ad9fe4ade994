#include "cli/detectors.hpp"

#include <utility>

#include "cli/progress.hpp"
#include "pipeline/replay.hpp"

namespace onepass::cli {
DetectorFactory::DetectorFactory(const std::string& model, const Config& config)
    : config_(config.detector), drops_embeddings_(config.embed.method == EmbedMethod::none) {
  if (model.empty()) return;
  model_ = load_model(model, config.detector, config.embed);
  if (const auto reason = caution(*model_); !reason.empty()) print_warning(reason);
}

std::unique_ptr<Detector> DetectorFactory::open(const std::filesystem::path& detections, const SourceInfo& source,
                                                const WarningHandler& warn,
                                                const pipeline::DetectionObserver& observe) const {
  auto detector = model_ ? make_detector(model_, config_)
                         : pipeline::replay(detections, {source.frame_count, source.size, !drops_embeddings_}, warn);
  return observe ? pipeline::make_watched(std::move(detector), observe) : std::move(detector);
}

}  // namespace onepass::cli
