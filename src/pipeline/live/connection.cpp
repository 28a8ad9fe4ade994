#include "pipeline/live/connection.hpp"

#include "io/location.hpp"
#include "video/camera.hpp"

namespace onepass::pipeline {
namespace {

constexpr const char* file_scheme = "file://";

}  // namespace

bool is_recording(const std::string& location) {
  if (location.starts_with(file_scheme)) return true;
  return !io::is_camera(location) && !io::is_url(location) && !io::is_pipeline(location);
}

std::unique_ptr<FrameSource> open_connection(const std::string& location, const SourceOptions& options,
                                             video::GiveUp give_up) {
  if (location.starts_with(file_scheme)) return open_source(location.substr(std::string(file_scheme).size()), options);
  if (io::is_pipeline(location)) return video::open_pipeline(location);
  if (io::is_url(location)) return video::open_network_stream(location, std::move(give_up), options.stream);
  return open_source(location, options);
}

}  // namespace onepass::pipeline
