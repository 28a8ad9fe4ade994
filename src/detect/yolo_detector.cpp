// A frame through a stock YOLO network: letterbox, one forward pass, decode, suppress, embed.
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "config/nearest_name.hpp"
#include "detect/letterbox.hpp"
#include "detect/nms.hpp"
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
    network_->prepare(plan_.layers, detector.device);
  }

  const NetworkInfo& info() const { return network_->info(); }
  const EmbedPlan& plan() const { return plan_; }
  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& calibration_path() const { return calibration_path_; }

  NetworkOutput forward(const at::Tensor& image) const { return network_->forward(image); }

 private:
  std::filesystem::path path_;
  std::unique_ptr<Network> network_;
  EmbedPlan plan_;
  std::filesystem::path calibration_path_;  ///< empty: none
};

namespace {

/// Which class numbers to keep, from names or numbers; all where none is given.
std::vector<bool> kept_classes(const std::vector<std::string>& wanted, const NetworkInfo& network) {
  std::vector<bool> kept(static_cast<std::size_t>(network.head.class_count), wanted.empty());
  for (const auto& entry : wanted) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), number);
    const bool is_number = error == std::errc() && end == entry.data() + entry.size();
    if (!is_number) {
      number = static_cast<std::size_t>(std::ranges::find(network.class_names, entry) - network.class_names.begin());
    }
    if (number >= kept.size()) {
      throw std::runtime_error(fmt::format("detector.classes: {} has no class '{}'{}; it has {} classes, 0 to {}",
                                           network.path, entry, did_you_mean(entry, network.class_names), kept.size(),
                                           kept.size() - 1));
    }
    kept[number] = true;
  }
  return kept;
}

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
        imgsz_((config.imgsz + model_->info().stride - 1) / model_->info().stride * model_->info().stride),
        kept_classes_(kept_classes(config.classes, model_->info())),
        embedder_(model_->plan()) {
    if (model_->calibration_path().empty()) return;
    calibration_ = read_calibration(model_->calibration_path(), plain_space());
    embedder_.resume(calibration_->statistics);
  }

  std::vector<Detection> detect(const Frame& frame) override {
    if (frame.image.empty()) throw std::runtime_error("the detector needs images, and this source has none");
    const auto letterbox = fit_letterbox(frame.image.size(), imgsz_, model_->info().stride,
                                         config_.rect ? Padding::minimal : Padding::square);
    const auto output = model_->forward(to_input(frame.image, letterbox));
    auto candidates = decode(output.levels, model_->info().head, config_.conf);
    std::erase_if(candidates, [&](const CandidateBox& candidate) { return !kept_classes_[candidate.class_id]; });

    std::vector<Detection> detections;
    std::vector<PlacedBox> placed;
    for (const int index : suppress(candidates, config_.iou, config_.max_det)) {
      const auto& candidate = candidates[index];
      const Box box = to_frame(candidate.box, letterbox);
      if (!(box.area() > 0)) continue;  // wholly in the padding
      detections.push_back({box, candidate.score, candidate.class_id, {}});
      placed.push_back({to_input_box(box, letterbox), candidate.score, candidate.anchor});
    }

    const auto start = std::chrono::steady_clock::now();
    auto embeddings = embedder_.embed(output.taps, placed);
    for (std::size_t i = 0; i < detections.size(); ++i) {
      detections[i].embedding = calibration_ ? apply(*calibration_, embeddings[i]) : std::move(embeddings[i]);
    }
    embed_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return detections;
  }

  const std::vector<std::string>& class_names() const override { return model_->info().class_names; }

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
    return fmt::format("{}, of a model with CRC-32 {:08x} at {} pixels", plan, checksum_of(model_->path()), imgsz_);
  }

  std::shared_ptr<const Model> model_;
  DetectorConfig config_;
  int imgsz_;
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
