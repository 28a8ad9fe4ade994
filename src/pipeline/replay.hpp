// Replays detections whose files need to know the size of the frames.
#pragma once

#include "onepass/detector.hpp"

namespace onepass::pipeline {

/// replay_detections() for frames of a size, which formats of relative coordinates need; empty if it is unknown.
/// @throws SettingError "size" if it is needed and unknown.
std::unique_ptr<Detector> replay(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                 cv::Size size, const WarningHandler& warn);

}  // namespace onepass::pipeline
