// Draws zones with what they count.
#pragma once

#include <span>
#include <string>

#include <opencv2/core.hpp>

#include "onepass/zones.hpp"

namespace onepass::sink {

/// Returns "door: in 3, out 2" of a line, "queue: 4" of a polygon.
std::string zone_text(const Zone& zone, const ZoneCounts& counts);

/// Draws lines with an arrow in their first direction, polygons as tinted areas, and labels.
/// @param first_size size of the picture for which zones in pixels are given
/// @param counts one per zone
void draw_zones(cv::Mat& image, std::span<const Zone> zones, cv::Size first_size, std::span<const ZoneCounts> counts);

}  // namespace onepass::sink
