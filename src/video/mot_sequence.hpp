// Provides the frames of a MOTChallenge sequence: a folder with a seqinfo.ini and numbered images.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/time_span.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::video {

/// Returns false for a sequence without images, which can only be tracked with given detections.
/// @throws std::runtime_error with file and line for a bad seqinfo.ini.
bool has_images(const std::string& location);

/// Frame n of the sequence (from 1) has index n - 1. The frame of an image is the number at the end of its name,
/// counted from the first number if that is 0 or the numbers do not fit the sequence's length otherwise. If images are
/// loaded, missing ones are reported in one warning and their frames are skipped; images that are no frame are reported
/// too. Otherwise every frame up to seqLength is delivered and no image file is accessed.
/// @throws std::runtime_error with file and line for a bad seqinfo.ini, or if images are to be loaded and none exist.
std::unique_ptr<FrameSource> open_mot_sequence(const std::filesystem::path& folder, const SourceOptions& options,
                                               const TimeSpan& span = {});

}  // namespace onepass::video
