// Masks, keypoints and rotated boxes in JSON.
#pragma once

#include "formats/json/json_node.hpp"
#include "onepass/shape.hpp"

namespace onepass::formats {

/// Reads COCO's {"size": [height, width], "counts": …}, whose counts are a text or a list of runs.
/// @throws std::runtime_error naming the place, if the runs are damaged or do not add up to the size.
Mask read_mask(const JsonNode& node);

/// Reads "mask", "keypoints" and "rotated_box" of a track in JSON Lines, as far as they are there.
Shape read_shape(const JsonNode& track);

/// Adds to a track in JSON Lines what its shape has.
void put_shape(nlohmann::ordered_json& track, const Shape& shape);

}  // namespace onepass::formats
