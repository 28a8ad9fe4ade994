// Embeds the objects in videos, images and sequences, and writes the embeddings to a folder.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::lab {

enum class EmbedSubject {
  detections,  ///< one row per detection
  central,     ///< only the detection nearest to the center of its frame
  frame,       ///< one row per frame: global average pooling, without the padding
};

struct EmbedRunOptions {
  std::vector<std::string> sources;
  std::string model;
  std::filesystem::path folder;
  std::filesystem::path tracks;  ///< MOTChallenge file with identities, for a single source; may be empty
  EmbedSubject subject = EmbedSubject::detections;
  std::optional<int> stream{};  ///< as SourceOptions::stream
  int stride = 1;
  bool maps = false;    ///< also write the feature maps, maps/SOURCE-FRAME-layerN.npy, C×H×W
  bool crops = false;   ///< also write the crops, crops/ROW.jpg
  bool resume = false;  ///< resume an interrupted run
  WarningHandler warn = [](const std::string&) {};
  std::function<bool()> stop = [] { return false; };
  std::function<void(const SourceInfo&, std::int64_t frames)> progress = [](const auto&, auto) {};
};

struct EmbedRunResult {
  std::int64_t frames = 0;             ///< processed in this call
  std::int64_t rows = 0;               ///< total in the files
  std::int64_t without_embedding = 0;  ///< detections left out because their features have norm zero
  bool stopped = false;
};

/// True if the folder contains an interrupted run.
bool is_interrupted(const std::filesystem::path& folder);

/// Writes embeddings.npy (rows × dimensions, float32), detections.csv and config.yaml. A resumed run writes the same
/// bytes as one that was never interrupted.
/// @throws std::runtime_error if a model, source or folder cannot be used, or if the interrupted run had other
/// settings.
EmbedRunResult embed_sources(const EmbedRunOptions& options, const Config& config);

}  // namespace onepass::lab
