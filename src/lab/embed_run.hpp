// Embeddings of everything in videos, images and sequences, written to a folder.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::lab {

enum class EmbedSubject {
  detections,  ///< a row per detection
  central,     ///< only the detection nearest the centre of its frame
  frame,       ///< a row per frame: global average pooling, without the padding
};

struct EmbedRunOptions {
  std::vector<std::string> sources;
  std::string model;
  std::filesystem::path folder;
  std::filesystem::path tracks;  ///< MOTChallenge file of identities, for one source; may be empty
  EmbedSubject subject = EmbedSubject::detections;
  int stride = 1;
  bool maps = false;    ///< also the whole maps, maps/SOURCE-FRAME-layerN.npy, C×H×W
  bool crops = false;   ///< also the detections as pictures, crops/ROW.jpg
  bool resume = false;  ///< go on with an interrupted run
  WarningHandler warn = [](const std::string&) {};
  std::function<bool()> stop = [] { return false; };
  std::function<void(const SourceInfo&, std::int64_t frames)> progress = [](const auto&, auto) {};
};

struct EmbedRunResult {
  std::int64_t frames = 0;             ///< in this call
  std::int64_t rows = 0;               ///< in the files
  std::int64_t without_embedding = 0;  ///< detections left out, for their features are all equal
  bool stopped = false;
};

/// The folder holds an interrupted run.
bool is_interrupted(const std::filesystem::path& folder);

/// Writes embeddings.npy (rows × dimensions, float32), detections.csv and config.yaml; a run that goes on gives the
/// same bytes as one that was never interrupted.
/// @throws std::runtime_error for models, sources and folders, and where an interrupted run had other settings.
EmbedRunResult embed_sources(const EmbedRunOptions& options, const Config& config);

}  // namespace onepass::lab
