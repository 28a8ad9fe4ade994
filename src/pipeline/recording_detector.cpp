#include "pipeline/recording_detector.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "io/npz.hpp"
#include "pipeline/detection_arrays.hpp"

namespace onepass::pipeline {

std::vector<Detection> RecordingDetector::detect(const Frame& frame) {
  auto detections = inner_.detect(frame);
  record(frame.index, detections);
  return detections;
}

Detector::Finish RecordingDetector::begin(const Frame& frame) {
  return [this, index = frame.index, finish = inner_.begin(frame)] {
    auto detections = finish();
    record(index, detections);
    return detections;
  };
}

void RecordingDetector::record(std::int64_t frame, const std::vector<Detection>& detections) {
  if (frame >= last_recorded_frame)
    throw std::runtime_error(
        fmt::format("detections can be recorded of the first {} frames only; divide the video", last_recorded_frame));
  for (const auto& [box, score, class_id, embedding, shape] : detections) {
    rows_.insert(rows_.end(), {static_cast<float>(frame + 1), box.left, box.top, box.width, box.height, score,
                               static_cast<float>(class_id)});
    embeddings_.push_back(embedding);
    shapes_.add(shape);
  }
}

void RecordingDetector::save(const std::filesystem::path& path, Overwrite overwrite) const {
  Eigen::Index length = 0;
  for (const auto& embedding : embeddings_) length = std::max(length, embedding.size());
  std::vector<float> values;
  values.reserve(embeddings_.size() * static_cast<std::size_t>(length));
  for (const auto& embedding : embeddings_) {
    values.insert(values.end(), embedding.begin(), embedding.end());
    values.resize(values.size() + static_cast<std::size_t>(length - embedding.size()));
  }
  const auto count = static_cast<std::int64_t>(embeddings_.size());
  std::vector<io::NpzEntry> entries{{std::string(detections_array), {count, detection_columns}, rows_}};
  if (length > 0) entries.push_back({std::string(embeddings_array), {count, length}, values});
  auto shapes = shapes_;
  for (auto& entry : shapes.entries()) entries.push_back(std::move(entry));
  io::write_npz(path, overwrite, entries);
}

}  // namespace onepass::pipeline
