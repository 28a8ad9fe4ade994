// Frames from a folder of images, in natural order of their names.
#pragma once

#include <filesystem>
#include <memory>

#include "onepass/frame_source.hpp"

namespace onepass {

/// Every image file in the folder itself is a frame; images have no time, so that they are taken as 30 per second.
/// An unreadable image is skipped and reported, and its index still counts.
/// @throws std::runtime_error if there is no image in the folder.
std::unique_ptr<FrameSource> open_image_folder(const std::filesystem::path& folder, const SourceOptions& options);

}  // namespace onepass
