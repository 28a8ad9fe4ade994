// Masks, keypoints and rotated boxes in JSON.
#pragma once

#include "formats/json/json_node.hpp"
#include "onepass/shape.hpp"

namespace onepass::formats {

/// Reads COCO's {"size": [height, width], "counts": …}, whose counts are a text or a list of runs.
/// @throws std::runtime_error naming the place, if the runs are damaged or do not add up to the size.
Mask read_mask(const JsonNode& node);

/// {"size": [height, width], "counts": text of COCO}, which pycocotools reads.
nlohmann::ordered_json mask_json(const Mask& mask);

/// Reads a number as a float, such as a coordinate in pixels or an angle in radians.
/// @throws std::runtime_error naming the place, if it is not a number or beyond 1e9.
float read_float(const JsonNode& node);

/// Reads "mask", "keypoints" and "rotated_box" of a track in JSON Lines, as far as they are there.
/// @throws std::runtime_error naming the place, if a number is beyond 1e9 or a size is negative.
Shape read_shape(const JsonNode& track);

/// Adds to a track in JSON Lines what its shape has: "mask" as of mask_json, "keypoints": [[x, y, score], …] and
/// "rotated_box": [center x, center y, width, height, angle in radians]. Every number must be finite.
void put_shape(nlohmann::ordered_json& track, const Shape& shape);

}  // namespace onepass::formats
