// Provides the frames of a video file, a URL, a camera or a GStreamer pipeline through OpenCV.
#pragma once

#include <memory>
#include <string>

#include "onepass/frame_source.hpp"

namespace onepass::video {

/// @throws std::runtime_error if the file cannot be read as a video or has no frames.
std::unique_ptr<FrameSource> open_video_file(const std::string& path, const SourceOptions& options);

/// @throws std::runtime_error if no frame can be read from the URL; the message omits user and password.
std::unique_ptr<FrameSource> open_url(const std::string& url, const SourceOptions& options);

/// @param location the camera's index in decimal digits.
/// @throws std::runtime_error if the camera does not exist or delivers no frame.
std::unique_ptr<FrameSource> open_camera(const std::string& location, const SourceOptions& options);

/// Opens a GStreamer pipeline that ends in an appsink; the frames' times are their arrival times. Timeouts are set by
/// the pipeline's elements ("rtspsrc tcp-timeout=…").
/// @throws std::runtime_error if the pipeline does not start or delivers no frame.
std::unique_ptr<FrameSource> open_pipeline(const std::string& pipeline);

}  // namespace onepass::video
