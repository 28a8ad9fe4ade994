// Writes the state of the program as JSON for the page and as Prometheus metrics.
#pragma once

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

/// {"status": "ok", "version", "uptime_s", "viewers", "readers", "streams": [...], "deliveries": [...]}; the status is
/// "degraded" if a stream or delivery is not connected, and "ended" if every stream has ended.
std::string health_json(const Report& report);

/// {"current": [...], "recent": [...]}: objects as in to_json(IdentityEvent), without "event" and "best_shot", with
/// "camera", "color", and "shot" (a URL) if there is a picture.
std::string identities_json(const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// One object per stream: {"street": {"time_ms": [...], "objects": [...], ...}}
std::string history_json(const History& history);

/// Prometheus text format 0.0.4.
std::string metrics_text(const Report& report);

}  // namespace onepass::sink
