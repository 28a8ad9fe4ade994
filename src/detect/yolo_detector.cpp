// A frame through a stock YOLO network: one forward pass, then an embedding per box.
#include <zlib.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "detect/forward_pass.hpp"
#include "embed/calibration.hpp"
#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/detector.hpp"

namespace onepass {

class Model {
 public:
  Model(const std::filesystem::path& path, const DetectorConfig& detector, const EmbedConfig& embed)
      : path_(path),
        network_(load_network(path)),
        plan_(plan_embedding(embed, network_->info())),
        calibration_path_(embed.calibration) {
    network_->prepare(plan_.layers, detector.device, detector.executor);
  }

  const Network& network() const { return *network_; }
  const EmbedPlan& plan() const { return plan_; }
  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& calibration_path() const { return calibration_path_; }

 private:
  std::filesystem::path path_;
  std::unique_ptr<Network> network_;
  EmbedPlan plan_;
  std::filesystem::path calibration_path_;  ///< empty: none
};

namespace {

/// CRC-32 of a file's bytes.
std::uint32_t checksum_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  uLong checksum = crc32_z(0, nullptr, 0);
  std::vector<char> chunk(1 << 20);
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(chunk.data()), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) throw std::runtime_error(path.string() + ": cannot be read");
  return static_cast<std::uint32_t>(checksum);
}

class YoloDetector : public Detector {
 public:
  YoloDetector(std::shared_ptr<const Model> model, const DetectorConfig& config)
      : model_(std::move(model)),
        config_(config),
        kept_classes_(kept_classes(config.classes, model_->network().info())),
        embedder_(model_->plan()) {
    if (model_->calibration_path().empty()) return;
    calibration_ = read_calibration(model_->calibration_path(), plain_space());
    embedder_.resume(calibration_->statistics);
  }

  std::vector<Detection> detect(const Frame& frame) override {
    auto pass = run_forward(model_->network(), config_, kept_classes_, frame);
    const auto start = std::chrono::steady_clock::now();
    auto embeddings = embedder_.embed(pass.taps, pass.placed);
    for (std::size_t i = 0; i < pass.detections.size(); ++i) {
      auto& embedding = pass.detections[i].embedding;
      embedding = calibration_ ? apply(*calibration_, embeddings[i]) : std::move(embeddings[i]);
    }
    embed_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(pass.detections);
  }

  const std::vector<std::string>& class_names() const override { return model_->network().info().class_names; }

  double embed_seconds() const override { return embed_seconds_; }

  std::string embedding_space() const override {
    const auto plain = plain_space();
    if (!calibration_) return plain;
    return fmt::format("{}, calibrated by a file with CRC-32 {:08x}", plain, checksum_of(model_->calibration_path()));
  }

  std::vector<int> embedding_parts() const override {
    if (calibration_) return {static_cast<int>(calibration_->projection.rows())};
    return model_->plan().parts;
  }

  EmbeddingStatistics embedding_statistics() const override { return embedder_.statistics(); }

  void resume_embeddings(const EmbeddingStatistics& statistics) override { embedder_.resume(statistics); }

 private:
  /// Of the embeddings before any calibration.
  std::string plain_space() const {
    const auto plan = to_string(model_->plan());
    if (plan.empty()) return "";
    return fmt::format("{}, of a model with CRC-32 {:08x} at {} pixels", plan, checksum_of(model_->path()),
                       config_.imgsz);
  }

  std::shared_ptr<const Model> model_;
  DetectorConfig config_;
  std::vector<bool> kept_classes_;
  Embedder embedder_;
  std::optional<Calibration> calibration_;
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
