// Frames of a MOTChallenge sequence: a folder with a seqinfo.ini and numbered images.
#pragma once

#include <filesystem>
#include <memory>

#include "onepass/frame_source.hpp"

namespace onepass {

/// Frame n of the sequence (from 1) has index n - 1. With images, those that are missing are reported in one line and
/// their frames are skipped. Without, every frame up to seqLength is delivered, and no image is looked for.
/// @throws std::runtime_error with file and line for a bad seqinfo.ini, or if images are wanted and there are none.
std::unique_ptr<FrameSource> open_mot_sequence(const std::filesystem::path& folder, const SourceOptions& options);

}  // namespace onepass
