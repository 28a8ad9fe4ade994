#include "core/quiet_libraries.hpp"

#include <cstdlib>
#include <mutex>

#include <opencv2/core/utils/logger.hpp>

namespace onepass {

void quiet_libraries() {
  static std::once_flag done;
  std::call_once(done, [] {
    if (!std::getenv("OPENCV_LOG_LEVEL")) cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    // OpenCV reads this variable when it loads its FFmpeg backend and has no function for it; -8 is AV_LOG_QUIET.
    if (!std::getenv("OPENCV_FFMPEG_DEBUG")) setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", /*overwrite=*/0);
  });
}

}  // namespace onepass
