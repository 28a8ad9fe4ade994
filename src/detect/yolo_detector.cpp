// Detector with a stock YOLO network: one forward pass per frame, then one embedding per box.
#include <fmt/format.h>

#include "core/timed.hpp"
#include "detect/forward_pass.hpp"
#include "embed/embedder.hpp"
#include "onepass/detector.hpp"

namespace onepass {

class Model : public detect::EmbeddingNetwork {
 public:
  using EmbeddingNetwork::EmbeddingNetwork;
};

namespace {

/// The embeddings of a stream, computed from the results of its forward passes.
class YoloEmbedder : public StreamEmbedder {
 public:
  YoloEmbedder(std::shared_ptr<const Model> model, int imgsz)
      : model_(std::move(model)), imgsz_(imgsz), embedder_(model_->plan, model_->open_calibration(imgsz)) {}

  void embed(detect::PassResult& pass) {
    auto embeddings = timed(seconds_, [&] { return embedder_.embed(pass.taps, pass.placed); });
    for (std::size_t i = 0; i < pass.detections.size(); ++i) pass.detections[i].embedding = std::move(embeddings[i]);
  }

  bool is_used() const { return model_->plan.method != EmbedMethod::none; }

  std::string space() const override {
    const auto plain = embed::plain_space(model_->plan, model_->network->info.path, imgsz_);
    const auto& calibration = embedder_.calibration();
    return calibration ? fmt::format("{}, calibrated by a file with checksum {:08x}", plain, calibration->checksum)
                       : plain;
  }

  std::vector<int> parts() const override {
    if (const auto& calibration = embedder_.calibration()) return {static_cast<int>(calibration->projection.rows())};
    return model_->plan.parts;
  }

  EmbeddingDistances distances() const override {
    const auto& calibration = embedder_.calibration();
    return calibration ? calibration->tracked : EmbeddingDistances{};
  }

  EmbeddingStatistics statistics() const override { return embedder_.statistics(); }
  void resume(const EmbeddingStatistics& statistics) override { embedder_.resume(statistics); }
  double seconds() const override { return seconds_; }

 private:
  std::shared_ptr<const Model> model_;
  int imgsz_;
  embed::Embedder embedder_;
  double seconds_ = 0;
};

class YoloDetector : public Detector {
 public:
  YoloDetector(const std::shared_ptr<const Model>& model, const DetectorConfig& config)
      : pass_(model->network, config, model->plan.region), embedder_(model, config.imgsz) {}

  std::vector<Detection> detect(const Frame& frame) override { return finish(pass_.run(frame)); }

  Finish begin(const Frame& frame) override {
    const auto mode = frames_at_once() > 1 ? model::PassMode::shared : model::PassMode::alone;
    auto pass = std::make_shared<detect::PassResult>(pass_.run(frame, mode));
    return [this, pass = std::move(pass)] { return finish(std::move(*pass)); };
  }

  int frames_at_once() const override { return pass_.passes_at_once(); }

  const std::vector<std::string>& class_names() const override { return pass_.network().class_names; }
  StreamEmbedder* embedder() override { return embedder_.is_used() ? &embedder_ : nullptr; }

 private:
  std::vector<Detection> finish(detect::PassResult pass) {
    embedder_.embed(pass);
    return std::move(pass.detections);
  }

  detect::ForwardPass pass_;
  YoloEmbedder embedder_;
};

}  // namespace

std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig& detector,
                                        const EmbedConfig& embed) {
  return std::make_shared<const Model>(path, detector, embed);
}

std::string caution(const Model& model) {
  const auto reason = model.network->executor->caution();
  return reason.empty() ? "" : model.network->info.path + ": " + reason;
}

std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model> model, const DetectorConfig& detector) {
  return std::make_unique<YoloDetector>(model, detector);
}

}  // namespace onepass
