// A file of detections with embeddings: per frame three int32 (frame index from 0, number of detections, length of an
// embedding), then per detection float32: left, top, width, height, score, embedding. Little-endian.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::bench {

/// The detections of a sequence, by frame index.
using Recording = std::map<std::int64_t, std::vector<Detection>>;

inline Recording read_recording(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot open this recording");
  Recording recording;
  for (std::int32_t head[3]; file.read(reinterpret_cast<char*>(head), sizeof head);) {
    auto& frame = recording[head[0]];
    for (int i = 0; i < head[1]; ++i) {
      std::vector<float> row(5 + head[2]);
      file.read(reinterpret_cast<char*>(row.data()), static_cast<std::streamsize>(row.size() * sizeof(float)));
      if (!file) throw std::runtime_error(path.string() + ": ends in the middle of a frame");
      frame.push_back({{row[0], row[1], row[2], row[3]}, row[4], 0, {}});
      if (head[2] > 0) frame.back().embedding = Eigen::Map<const Embedding>(row.data() + 5, head[2]);
    }
  }
  return recording;
}

inline void write_frame(std::ofstream& file, std::int64_t index, const std::vector<Detection>& detections) {
  Eigen::Index length = 0;
  for (const auto& detection : detections) length = std::max(length, detection.embedding.size());
  const std::int32_t head[3] = {static_cast<std::int32_t>(index), static_cast<std::int32_t>(detections.size()),
                                static_cast<std::int32_t>(length)};
  file.write(reinterpret_cast<const char*>(head), sizeof head);
  for (const auto& detection : detections) {
    const auto& box = detection.box;
    const float row[5] = {box.left, box.top, box.width, box.height, detection.score};
    file.write(reinterpret_cast<const char*>(row), sizeof row);
    Embedding embedding = Embedding::Zero(length);  // stays zero if the detection has none
    if (detection.embedding.size() == length) embedding = detection.embedding;
    file.write(reinterpret_cast<const char*>(embedding.data()),
               static_cast<std::streamsize>(static_cast<std::size_t>(length) * sizeof(float)));
  }
}

}  // namespace onepass::bench
