#include "cli/detectors.hpp"

#include <utility>

#include "cli/progress.hpp"
#include "pipeline/replay.hpp"

namespace onepass::cli {
namespace {

class WithoutEmbeddings : public Detector {
 public:
  explicit WithoutEmbeddings(std::unique_ptr<Detector> inner) : inner_(std::move(inner)) {}

  std::vector<Detection> detect(const Frame& frame) override {
    auto detections = inner_->detect(frame);
    for (auto& detection : detections) detection.embedding.resize(0);
    return detections;
  }
  const std::vector<std::string>& class_names() const override { return inner_->class_names(); }

 private:
  std::unique_ptr<Detector> inner_;
};

}  // namespace

DetectorFactory::DetectorFactory(const std::string& model, const Config& config)
    : config_(config.detector), drops_embeddings_(config.embed.method == EmbedMethod::none) {
  if (model.empty()) return;
  model_ = load_model(model, config.detector, config.embed);
  if (const auto reason = caution(*model_); !reason.empty()) print_warning(reason);
}

std::unique_ptr<Detector> DetectorFactory::open(const std::filesystem::path& detections, const SourceInfo& source,
                                                const WarningHandler& warn,
                                                const pipeline::DetectionObserver& observe) const {
  auto detector =
      model_ ? make_detector(model_, config_) : pipeline::replay(detections, source.frame_count, source.size, warn);
  if (!model_ && drops_embeddings_) detector = std::make_unique<WithoutEmbeddings>(std::move(detector));
  return observe ? pipeline::make_watched(std::move(detector), observe) : std::move(detector);
}

}  // namespace onepass::cli
