#include <filesystem>
#include <stdexcept>

#include "onepass/frame_source.hpp"
#include "video/image_folder.hpp"
#include "video/location.hpp"
#include "video/mot_sequence.hpp"
#include "video/video_stream.hpp"

namespace onepass {

std::unique_ptr<FrameSource> open_source(const std::string& location, const SourceOptions& options) {
  namespace fs = std::filesystem;
  if (options.stride < 1)
    throw std::runtime_error("the stride is " + std::to_string(options.stride) + "; it must be 1 or more");
  if (location.empty()) throw std::runtime_error("the source is empty; give a file, a folder, a camera index or a URL");
  if (is_camera(location)) return open_camera(location, options);
  if (is_url(location)) return open_url(location, options);
  std::error_code error;
  const auto status = fs::status(location, error);
  if (status.type() == fs::file_type::not_found) throw std::runtime_error(location + ": no such file or folder");
  if (!fs::exists(status)) throw std::runtime_error(location + ": " + error.message());
  if (!fs::is_directory(status)) return open_video_file(location, options);
  return fs::exists(fs::path(location) / "seqinfo.ini") ? open_mot_sequence(location, options)
                                                        : open_image_folder(location, options);
}

}  // namespace onepass
