// Keeps OpenCV and FFmpeg from writing to the terminal: what goes wrong is said once, by us.
#pragma once

namespace onepass {

/// Call before the first use of a video or image. Someone who set OPENCV_LOG_LEVEL or OPENCV_FFMPEG_LOGLEVEL
/// (or OPENCV_FFMPEG_DEBUG) in the environment still gets what was asked for.
void quiet_libraries();

}  // namespace onepass
