// The state of the program as text for programs: JSON for the page, and Prometheus metrics.
#pragma once

#include <string>
#include <vector>

#include "onepass/web_server.hpp"
#include "sink/web/history.hpp"
#include "sink/web/hub.hpp"

namespace onepass {

/// One stream as it is known to the page: its health, and the sink that shows it, if it has one yet.
struct StreamReport {
  StreamHealth health;
  int camera = -1;  ///< number in Hub::cameras; -1 where there is none
  CameraCounts counts;
};

struct Report {
  std::vector<StreamReport> streams;  ///< in order of their health, then cameras that have none
  std::vector<DeliveryHealth> deliveries;
  int viewers = 0;
  int readers = 0;  ///< of /api/tracks
  double uptime_s = 0;
};

/// Joins what is healthy with what is shown, by name.
std::vector<StreamReport> join(const std::vector<StreamHealth>& streams,
                               const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// {"status": "ok", "version", "uptime_s", "viewers", "readers", "streams": [...], "deliveries": [...]}; the status is
/// "degraded" where a stream or delivery is not connected, and "ended" where every stream has ended.
std::string health_json(const Report& report);

/// {"current": [...], "recent": [...]}: objects as in to_json(IdentityEvent) with "camera", and "shot" where there is a
/// picture.
std::string identities_json(const std::vector<std::shared_ptr<CameraPage>>& cameras);

/// {"street": {"time_ms": [...], "objects": [...], ...}}
std::string history_json(const History& history);

/// Prometheus text format 0.0.4.
std::string metrics_text(const Report& report);

}  // namespace onepass
