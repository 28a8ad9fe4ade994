// Keeps OpenCV and FFmpeg from writing to the terminal, because onepass reports their errors itself.
#pragma once

namespace onepass {

/// Silences both libraries; call it before the first use of a video or image. The environment variables
/// OPENCV_LOG_LEVEL, OPENCV_FFMPEG_LOGLEVEL and OPENCV_FFMPEG_DEBUG still have their effect if they are set.
void quiet_libraries();

}  // namespace onepass
