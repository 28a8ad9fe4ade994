// Classifies source locations (camera, URL, pipeline), derives their names and removes credentials from them.
#pragma once

#include <filesystem>
#include <string>

namespace onepass::io {

/// Whether the location is a camera: an index in decimal digits, such as "0".
bool is_camera(const std::string& location);

/// Whether the location is a URL: it has a scheme, as in "rtsp://host/path".
bool is_url(const std::string& location);

/// Returns the host of a URL; for "file:///a/b.mp4", which has no host, the stem of its path. Like all names of
/// sources, it can be used as the name of a file in a folder (core/printable.hpp: as_file_name).
std::string url_name(const std::string& url);

/// Returns the last component of a folder's absolute path, also for "a/b/" and ".".
std::string folder_name(const std::filesystem::path& folder);

/// Whether the location is a GStreamer pipeline: elements joined by " ! ".
bool is_pipeline(const std::string& location);

/// Returns the location in a form safe for logs, errors and outputs: a URL without user, password and query, and
/// without its path if that contains settings ("user=…&password=…"); a pipeline without the properties of its elements,
/// which may be secret; any other location unchanged.
std::string without_credentials(const std::string& location);

struct HostAndPort {
  std::string host;
  int port = 0;
};

/// Parses "host", "host:port", "[address]" or "[address]:port"; without a port, `usual_port` is returned.
/// @throws std::invalid_argument saying which of both is invalid.
HostAndPort parse_host_and_port(const std::string& text, int usual_port);

}  // namespace onepass::io
