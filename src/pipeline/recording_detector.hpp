// Records what a detector finds, so that trackers can be compared on it without running the network again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "onepass/detector.hpp"
#include "onepass/overwrite.hpp"
#include "pipeline/recorded_shapes.hpp"

namespace onepass::pipeline {

/// Passes on the detections of another detector and keeps them. save() writes a file that replay_detections() reads:
/// .npz with the float32 arrays "detections" (N×7: frame from 1, left, top, width, height, score, class) and, if there
/// are embeddings, "embeddings" (N×D; a row of zeros: no embedding), and the arrays of ShapeRecorder. Numbers are kept
/// exactly: a frame whose number float32 cannot hold (beyond 16,777,216) is an error.
class RecordingDetector : public Detector {
 public:
  explicit RecordingDetector(Detector& inner) : inner_(inner) {}

  std::vector<Detection> detect(const Frame& frame) override;
  Finish begin(const Frame& frame) override;
  int frames_at_once() const override { return inner_.frames_at_once(); }
  const std::vector<std::string>& class_names() const override { return inner_.class_names(); }
  StreamEmbedder* embedder() override { return inner_.embedder(); }

  /// @throws std::runtime_error naming the path if it cannot be written, or exists and must not be overwritten.
  void save(const std::filesystem::path& path, Overwrite overwrite) const;

 private:
  void record(std::int64_t frame, const std::vector<Detection>& detections);

  Detector& inner_;
  std::vector<float> rows_;
  std::vector<Embedding> embeddings_;
  ShapeRecorder shapes_;
};

}  // namespace onepass::pipeline
