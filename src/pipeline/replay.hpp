// Replays detections whose files need to know the size of the frames.
#pragma once

#include "onepass/detector.hpp"

namespace onepass::pipeline {

struct ReplayOptions {
  std::optional<std::int64_t> frame_count;  ///< as that of replay_detections()
  cv::Size size;                            ///< of the frames, in pixels; empty: unknown
  bool embeddings = true;                   ///< false: recorded embeddings are dropped
};

/// replay_detections() for a known source: formats of relative coordinates need the size of the frames.
/// @throws SettingError "size" if it is needed and unknown.
std::unique_ptr<Detector> replay(const std::filesystem::path& path, const ReplayOptions& options,
                                 const WarningHandler& warn);

}  // namespace onepass::pipeline
