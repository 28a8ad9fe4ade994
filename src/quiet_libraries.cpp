#include "quiet_libraries.hpp"

#include <cstdlib>
#include <mutex>

#include <opencv2/core/utils/logger.hpp>

namespace onepass {

void quiet_libraries() {
  static std::once_flag done;
  std::call_once(done, [] {
    if (!std::getenv("OPENCV_LOG_LEVEL")) cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    // OpenCV reads this when it loads its FFmpeg backend; -8 is FFmpeg's AV_LOG_QUIET. There is no call for it.
    if (!std::getenv("OPENCV_FFMPEG_DEBUG")) setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", /*overwrite=*/0);
  });
}

}  // namespace onepass
