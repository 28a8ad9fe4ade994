// Provides frames from a folder of images, in natural order of their names, or from a single image.
#pragma once

#include <filesystem>
#include <memory>

#include "core/time_span.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::video {

/// Every image file directly in the folder is a frame; images have no time, so 30 frames per second are assumed.
/// An unreadable image is skipped with a warning; the indices of later frames do not change.
/// Files of other kinds of pictures are left out with a warning.
/// @throws std::runtime_error if the folder contains no image.
std::unique_ptr<FrameSource> open_image_folder(const std::filesystem::path& folder, const SourceOptions& options,
                                               const TimeSpan& span = {});

/// A single image is a source of one frame, and the same as in a folder.
/// @throws std::runtime_error if it cannot be read.
std::unique_ptr<FrameSource> open_image_file(const std::filesystem::path& file, const SourceOptions& options,
                                             const TimeSpan& span = {});

}  // namespace onepass::video
