// Recognizes formats by the content of files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace onepass::formats {

/// How Parquet files become one of the formats, which they are not.
constexpr const char* way_to_parquet =
    "Parquet is read and written by the Python package: python3 -m onepass.parquet tracks.csv tracks.parquet (it needs "
    "pyarrow)";

/// Returns the name of the format that a file or folder has; "" if none fits.
/// @throws std::runtime_error if it does not exist or cannot be read, or with way_to_parquet.
std::string format_of(const std::filesystem::path& path);

/// The same for the beginning of a file with this name.
std::string format_of_text(std::string_view text, const std::filesystem::path& name);

/// Tells why a folder of labels has no file with a format, for the end of a message: "; street.txt is not recognized:
/// line 1 is no row of numbers: 'frame,id,left'". The largest file is named, because small ones may be notes; "" if no
/// file has an extension of labels.
std::string unrecognized_file(const std::filesystem::path& folder);

}  // namespace onepass::formats
