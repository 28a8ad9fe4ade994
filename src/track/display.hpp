// Which tracks are shown in a frame, and with which box.
#pragma once

#include <vector>

#include "track/scene.hpp"

namespace onepass {

/// The tracks to show, in order of id: those detected in this frame, and lost ones that are still believed to be where
/// they are predicted (coasting). `config` says how long, and which boxes are left out.
std::vector<Track> tracks_to_show(const TrackerConfig& config, const Scene& scene);

/// Share of the box that lies in the image; 1 where the image's size is not known.
double share_inside(const Rectangle& box, const cv::Size& size);

}  // namespace onepass
