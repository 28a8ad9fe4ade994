// Lists the file formats that annotations and tracks are read from and written to.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/format.hpp"

namespace onepass::formats {

/// All formats, by name.
std::span<const Format> formats();

/// The names, separated by ", ".
std::string format_names();

/// @throws std::invalid_argument listing all formats for an unknown name, or what writes Parquet.
const Format& format_named(const std::string& name);

/// The format of a file or folder to be read, by its content and name.
/// @throws SettingError "from" listing all formats if it is none of them; std::runtime_error if it cannot be read.
const Format& recognized(const std::filesystem::path& path);

/// The format that the name of a new file suggests: the first with this extension.
/// @throws SettingError "to" listing all formats if there is none.
const Format& suggested(const std::filesystem::path& path);

/// Reads a file. Every format refuses what it cannot understand, with the line or the place in the JSON document.
/// @throws std::runtime_error "<file>:<line>: …" or "<file>: <place>: …"; SettingError for a setting that is missing.
Annotations read(const std::filesystem::path& path, const Format& format, const ReadOptions& options);

/// @throws std::runtime_error naming the file if the format would keep none of its objects: mots without masks.
void require_kept(const Annotations& annotations, const Format& format, const std::string& file);

/// Whether some objects are crowds or ignored.
bool has_marks(const Annotations& annotations);

/// Returns one line for each part of these annotations that the format does not keep, such as "kitti keeps no scores".
std::vector<std::string> losses(const Annotations& annotations, const Format& format);

}  // namespace onepass::formats
