#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "io/location.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/temporary_error.hpp"
#include "video/camera.hpp"
#include "video/image_file.hpp"
#include "video/image_folder.hpp"
#include "video/mot_sequence.hpp"
#include "video/open_source.hpp"
#include "video/video_file.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

enum class SourceKind { camera, url, pipeline, video, image, images, sequence };

/// Advice for the patterns of file names that other programs accept.
std::string advice_on(const std::string& location) {
  const bool pattern = video::is_image_name(location) && location.find_first_of("%*?") != std::string::npos;
  return pattern ? "; for a series of images, give their folder" : "";
}

SourceKind kind_of(const std::string& location) {
  if (location.empty())
    throw std::invalid_argument("the source is empty; give a file, a folder, a camera index or a URL");
  if (io::is_camera(location)) return SourceKind::camera;
  if (io::is_url(location) && !io::is_pipeline(location)) return SourceKind::url;
  std::error_code error;
  const auto status = fs::status(location, error);
  if (status.type() == fs::file_type::not_found && io::is_pipeline(location)) return SourceKind::pipeline;
  if (status.type() == fs::file_type::not_found)
    throw std::runtime_error(location + ": no such file or folder" + advice_on(location));
  if (!fs::exists(status)) throw_system_error(error.value(), location + ": " + error.message());
  if (!fs::is_directory(status)) return video::is_image(location) ? SourceKind::image : SourceKind::video;
  return fs::exists(fs::path(location) / "seqinfo.ini") ? SourceKind::sequence : SourceKind::images;
}

void require_span(const TimeSpan& span, SourceKind kind, const std::string& location) {
  if (!(span.from_s >= 0 && span.to_s > span.from_s))
    throw std::invalid_argument(fmt::format("the span from {} s to {} s is empty", span.from_s, span.to_s));
  const bool live = kind == SourceKind::camera || kind == SourceKind::url || kind == SourceKind::pipeline;
  if (live && span != TimeSpan())
    throw std::invalid_argument(io::without_credentials(location) + ": only files and folders can be read in part");
}

}  // namespace

std::string source_name(const std::string& location) {
  switch (kind_of(location)) {
    case SourceKind::camera:
      return "camera" + location;
    case SourceKind::url:
      return io::url_name(location);
    case SourceKind::pipeline:
      return "pipeline";
    case SourceKind::video:
    case SourceKind::image:
      return as_file_name(fs::path(location).stem().string());
    case SourceKind::images:
    case SourceKind::sequence:
      return io::folder_name(location);
  }
  return "";
}

std::unique_ptr<FrameSource> open_source(const std::string& location, const SourceOptions& options) {
  return video::open_part(location, options, TimeSpan());
}

std::unique_ptr<FrameSource> video::open_part(const std::string& location, const SourceOptions& options,
                                              const TimeSpan& span) {
  if (options.stride < 1) {
    throw std::invalid_argument("the stride is " + std::to_string(options.stride) + "; it must be 1 or more");
  }
  const auto kind = kind_of(location);
  require_span(span, kind, location);
  if (options.stream && kind != SourceKind::video && kind != SourceKind::url)
    throw SettingError("stream",
                       io::without_credentials(location) + ": only video files and URLs have streams to choose");
  switch (kind) {
    case SourceKind::camera:
      return video::open_camera(location, options);
    case SourceKind::url:
      return video::open_url(location, options);
    case SourceKind::pipeline:
      throw SettingError("live", io::without_credentials(location) + ": a GStreamer pipeline can only be read live");
    case SourceKind::video:
      return video::open_video_file(location, options, span);
    case SourceKind::image:
      return video::open_image_file(location, options, span);
    case SourceKind::images:
      return video::open_image_folder(location, options, span);
    case SourceKind::sequence:
      return video::open_mot_sequence(location, options, span);
  }
  return nullptr;
}

}  // namespace onepass
