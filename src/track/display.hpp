// Selects the tracks to show in a frame, and their boxes.
#pragma once

#include <vector>

#include "track/record/scene.hpp"

namespace onepass::track {

/// The tracks to show, sorted by id: tracks detected in this frame, and lost tracks whose prediction is still trusted
/// (coasting). `config` sets how long tracks coast and which boxes are not shown.
std::vector<Track> tracks_to_show(const TrackerConfig& config, const Scene& scene);

/// Share of the box inside the image; 1 if the size of the image is unknown.
double share_inside(const Rectangle& box, const cv::Size& size);

}  // namespace onepass::track
