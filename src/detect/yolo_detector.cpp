// Detector with a stock YOLO network: one forward pass per frame, then one embedding per box.
#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "detect/forward_pass.hpp"
#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/detector.hpp"

namespace onepass {

class Model {
 public:
  Model(const std::filesystem::path& path, const DetectorConfig& detector, const EmbedConfig& embed)
      : path_(path),
        network_(model::load_network(path)),
        plan_(embed::plan_embedding(embed, network_->info())),
        embed_(embed) {
    network_->prepare(plan_.layers, detector.device, detector.executor);
  }

  const model::Network& network() const { return *network_; }
  const embed::EmbedPlan& plan() const { return plan_; }
  const std::filesystem::path& path() const { return path_; }
  const EmbedConfig& embed() const { return embed_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<model::Network> network_;
  embed::EmbedPlan plan_;
  EmbedConfig embed_;
};

namespace {

class YoloDetector : public Detector {
 public:
  YoloDetector(std::shared_ptr<const Model> model, const DetectorConfig& config)
      : model_(std::move(model)),
        config_(config),
        kept_classes_(detect::kept_classes(config.classes, model_->network().info())),
        embedder_(model_->plan(),
                  embed::open_calibration(model_->embed(), model_->plan(), model_->path(), config.imgsz)) {}

  std::vector<Detection> detect(const Frame& frame) override {
    auto pass = detect::run_forward(model_->network(), config_, kept_classes_, frame);
    const auto start = std::chrono::steady_clock::now();
    auto embeddings = embedder_.embed(pass.taps, pass.placed);
    for (std::size_t i = 0; i < pass.detections.size(); ++i) pass.detections[i].embedding = std::move(embeddings[i]);
    embed_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(pass.detections);
  }

  const std::vector<std::string>& class_names() const override { return model_->network().info().class_names; }

  double embed_seconds() const override { return embed_seconds_; }

  std::string embedding_space() const override {
    const auto plain = embed::plain_space(model_->plan(), model_->path(), config_.imgsz);
    const auto& calibration = embedder_.calibration();
    return calibration ? fmt::format("{}, calibrated by a file with checksum {:08x}", plain, calibration->checksum)
                       : plain;
  }

  std::vector<int> embedding_parts() const override {
    if (const auto& calibration = embedder_.calibration()) return {static_cast<int>(calibration->projection.rows())};
    return model_->plan().parts;
  }

  EmbeddingDistances embedding_distances() const override {
    const auto& calibration = embedder_.calibration();
    return calibration ? calibration->tracked : EmbeddingDistances{};
  }

  EmbeddingStatistics embedding_statistics() const override { return embedder_.statistics(); }

  void resume_embeddings(const EmbeddingStatistics& statistics) override { embedder_.resume(statistics); }

 private:
  std::shared_ptr<const Model> model_;
  DetectorConfig config_;
  std::vector<bool> kept_classes_;
  embed::Embedder embedder_;
  double embed_seconds_ = 0;
};

}  // namespace

std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig& detector,
                                        const EmbedConfig& embed) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  at::set_num_threads(detector.threads > 0 ? detector.threads : static_cast<int>(cores));
  return std::make_shared<const Model>(path, detector, embed);
}

std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model> model, const DetectorConfig& detector) {
  return std::make_unique<YoloDetector>(std::move(model), detector);
}

}  // namespace onepass
