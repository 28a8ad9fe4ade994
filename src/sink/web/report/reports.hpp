// Writes the state of the program as JSON for the page.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "onepass/web_server.hpp"
#include "sink/web/history.hpp"
#include "sink/web/hub.hpp"

namespace onepass::sink {

/// One stream of the page: its health, and the data of its sink if it has one yet.
struct StreamReport {
  StreamHealth health;
  int camera = -1;  ///< number in Hub::cameras; -1 if it has no sink
  CameraCounts counts;
};

struct Report {
  std::vector<StreamReport> streams;  ///< in the order of the health reports, then cameras without one
  std::vector<DeliveryHealth> deliveries;
  int viewers = 0;
  int readers = 0;  ///< readers of /api/tracks
  double uptime_s = 0;
};

/// Joins health reports and cameras by name.
std::vector<StreamReport> join(const std::vector<StreamHealth>& streams,
                               const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// {"status", "version", "uptime_s", "history_s", "viewers", "readers", "streams": [...], "deliveries": [...]}.
/// "history_s" is the time that the charts cover. The status is "ended" if every stream has ended; else "ok" if every
/// delivery is connected and every stream is streaming or has ended without a reason, which means that it was stopped
/// or played to its end; else "degraded".
std::string health_json(const Report& report);

/// {"current": [...], "recent": [...]}: objects as in to_json(IdentityEvent), without "event" and "best_shot", and with
/// "camera" (its number), "color" ("#rrggbb") and, if there is a picture, "shot" (its URL).
std::string identities_json(const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// "#rrggbb", in which an identity is drawn.
std::string color_text(std::int64_t id);

/// The objects in each polygon.
std::map<std::string, std::int64_t> occupancy_of(const CameraCounts& counts);

/// One object per stream: {"street": {"time_ms": [...], "objects": [...], ..., "zones": {"queue": {"time_ms": [...],
/// "occupancy": [...]}}}}
std::string history_json(const History& history);

}  // namespace onepass::sink
