// Provides the frames of a camera or a GStreamer pipeline through OpenCV.
#pragma once

#include <memory>
#include <string>

#include "onepass/frame_source.hpp"

namespace onepass::video {

/// @param location the camera's index in decimal digits.
/// @throws std::runtime_error if the camera does not exist or delivers no frame.
std::unique_ptr<FrameSource> open_camera(const std::string& location, const SourceOptions& options);

/// Opens a GStreamer pipeline that ends in an appsink; the frames' times are their arrival times. Timeouts are set by
/// the pipeline's elements ("rtspsrc tcp-timeout=…").
/// @throws std::runtime_error if the pipeline does not start or delivers no frame.
std::unique_ptr<FrameSource> open_pipeline(const std::string& pipeline);

}  // namespace onepass::video
