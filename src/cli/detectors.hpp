// Where the detections of several streams come from: one model, or a file for each.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"

namespace onepass {

class DetectorFactory {
 public:
  /// Loads the model; where `model` is empty, detections are replayed from files.
  DetectorFactory(const std::string& model, const Config& config);

  /// A detector for one stream. May be called from several threads at once.
  /// @param detections the file to replay; not used where there is a model.
  std::unique_ptr<Detector> open(const std::filesystem::path& detections, const SourceInfo& source,
                                 const WarningHandler& warn) const;

 private:
  DetectorConfig config_;
  std::shared_ptr<const Model> model_;
};

}  // namespace onepass
