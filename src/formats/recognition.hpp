// Recognizes formats by the content of files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace onepass::formats {

/// Returns the name of the format that a file or folder has; "" if none fits.
/// @throws std::runtime_error if it does not exist or cannot be read.
std::string format_of(const std::filesystem::path& path);

/// The same for the beginning of a file with this name.
std::string format_of_text(std::string_view text, const std::filesystem::path& name);

}  // namespace onepass::formats
