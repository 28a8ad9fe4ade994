// Declares the XML format of CVAT.
#pragma once

#include <numbers>

#include "formats/format.hpp"

namespace onepass::formats {

/// Attributes of boxes that are not evaluated: CVAT has no word of its own for them.
inline constexpr const char* cvat_crowd = "crowd";
inline constexpr const char* cvat_ignored = "ignored";

inline constexpr double degrees_per_radian = 180 / std::numbers::pi;

/// CVAT for video 1.1: a track is a list of boxes; frames from 0. A box with outside="1" ends the appearance of an
/// object; frames between boxes are interpolated, as CVAT does. Rotated boxes have the attribute "rotation", in
/// degrees. The ids are those of the tracks; single shapes of "CVAT for images 1.1" have none.
Annotations read_cvat(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_cvat_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

}  // namespace onepass::formats
