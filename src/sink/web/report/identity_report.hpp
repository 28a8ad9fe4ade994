// Writes the page of one identity as JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sink/web/camera_page.hpp"

namespace onepass::sink {

/// {"id", "camera", "class_name", "color", "visits": [{"camera", "source", "first_time", "last_time", "duration",
/// "ended", "views": [{"time", "picture"}], "path": [[x, y], …], "aspect"}], "similar": [{"id", "camera", "likeness",
/// "class_name", "color", "picture"}]}; live streams add "first_wall", "last_wall" and "wall" (ISO 8601, UTC).
///
/// Visits come from all cameras that share their ids with this one, the latest first. "similar" is null if the stream
/// has no memory to ask; identities that were only seen in earlier runs have neither camera nor picture. "likeness" is
/// the cosine of the most similar views. Pictures are addresses.
/// @return "" if the camera has never seen the identity
std::string identity_json(const std::vector<std::shared_ptr<CameraPage>>& cameras, std::size_t camera, std::int64_t id);

}  // namespace onepass::sink
