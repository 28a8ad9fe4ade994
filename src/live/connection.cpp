#include "live/connection.hpp"

#include "video/location.hpp"
#include "video/video_stream.hpp"

namespace onepass {
namespace {

constexpr const char* file_scheme = "file://";

}  // namespace

bool is_recording(const std::string& location) {
  if (location.starts_with(file_scheme)) return true;
  return !is_camera(location) && !is_url(location) && !is_pipeline(location);
}

std::unique_ptr<FrameSource> open_connection(const std::string& location, GiveUp give_up) {
  if (location.starts_with(file_scheme)) return open_source(location.substr(std::string(file_scheme).size()));
  if (is_pipeline(location)) return open_pipeline(location);
  if (is_url(location)) return open_network_stream(location, std::move(give_up));
  return open_source(location);
}

}  // namespace onepass
