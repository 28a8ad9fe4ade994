// Frames of a video file, a URL, a camera or a GStreamer pipeline, read through OpenCV.
#pragma once

#include <memory>
#include <string>

#include "onepass/frame_source.hpp"

namespace onepass {

/// @throws std::runtime_error if there is no such file, or it is no video or has no frames.
std::unique_ptr<FrameSource> open_video_file(const std::string& path, const SourceOptions& options);

/// @throws std::runtime_error, without the user and password of the URL, if nothing can be read from it.
std::unique_ptr<FrameSource> open_url(const std::string& url, const SourceOptions& options);

/// @param location the camera's index in decimal digits.
/// @throws std::runtime_error if there is no such camera, or it delivers nothing.
std::unique_ptr<FrameSource> open_camera(const std::string& location, const SourceOptions& options);

/// A GStreamer pipeline that ends in an appsink; the times of its frames are those of their arrival. How long it waits
/// for its source is the affair of its elements ("rtspsrc tcp-timeout=…").
/// @throws std::runtime_error if it cannot be built or delivers nothing.
std::unique_ptr<FrameSource> open_pipeline(const std::string& pipeline);

}  // namespace onepass
