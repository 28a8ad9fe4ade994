// Creates the detectors of several streams: from one shared model, or from one detection file per stream.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "pipeline/watched_detector.hpp"

namespace onepass::cli {

class DetectorFactory {
 public:
  /// Loads the model, and warns if it is slow or inaccurate on this processor. If `model` is empty, detections are
  /// replayed from files; with the method none of embeddings, without the embeddings that a file has.
  DetectorFactory(const std::string& model, const Config& config);

  /// Returns a detector for one stream. Thread-safe.
  /// @param detections the file to replay; ignored if a model is loaded.
  /// @param observe receives the detections of every frame; may be empty
  std::unique_ptr<Detector> open(const std::filesystem::path& detections, const SourceInfo& source,
                                 const WarningHandler& warn, const pipeline::DetectionObserver& observe = {}) const;

 private:
  DetectorConfig config_;
  bool drops_embeddings_ = false;
  std::shared_ptr<const Model> model_;
};

}  // namespace onepass::cli
