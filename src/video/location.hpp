// What the text behind --source refers to, and how it is named and shown.
#pragma once

#include <filesystem>
#include <string>

namespace onepass {

/// A camera is given by its index in decimal digits: "0".
bool is_camera(const std::string& location);

/// A URL has a scheme: "rtsp://host/path".
bool is_url(const std::string& location);

/// The host of a URL; for "file:///a/b.mp4", which has none, the stem of its path.
std::string url_name(const std::string& url);

/// The last part of a folder's path, also of "a/b/" and ".".
std::string folder_name(const std::filesystem::path& folder);

/// A GStreamer pipeline has elements joined by " ! ".
bool is_pipeline(const std::string& location);

/// The location as it may appear in logs, errors and outputs: a URL without user, password and query, and without
/// its path where that holds settings ("user=…&password=…"); a pipeline without the properties of its elements, for
/// these may be secret; anything else as it is.
std::string without_credentials(const std::string& location);

}  // namespace onepass
