// Converts the zones of a run for the page, and back.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "onepass/zone_store.hpp"
#include "sink/web/camera_page.hpp"

namespace onepass::sink {

/// What the page needs to draw zones.
struct ZoneDesk {
  StoredZones stored;
  bool may_edit = false;  ///< this client has the token of an editor
};

/// {"may_edit", "revision", "zones": [{"name", "shape": "line", "points": [[x, y], …], "in_pixels", "classes",
/// "cameras", "directions", "alone", "band"}], "cameras": [{"name", "camera", "width", "height"}], "classes"}
/// Width and height are those of the first picture, to which points in pixels belong; 0 before it.
std::string zones_json(const ZoneDesk& desk, const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// Reads {"revision", "zones"} with zones as above.
/// @throws std::invalid_argument naming the zone and what is wrong with it
StoredZones zones_from_json(const std::string& text);

}  // namespace onepass::sink
