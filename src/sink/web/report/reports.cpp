#include "sink/web/report/reports.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sink/events/event_json.hpp"
#include "sink/video/draw.hpp"

namespace onepass::sink {
namespace {

Json zone_json(const CountedZone& counted) {
  const auto& [zone, counts] = counted;
  Json result;
  result["name"] = zone.name;
  if (zone.shape == ZoneShape::line) {
    for (std::size_t i = 0; i < 2; ++i) {
      result["directions"][zone.directions[i]] = {{"identities", counts.identities[i]},
                                                  {"passages", counts.passages[i]}};
    }
    return result;
  }
  result["occupancy"] = counts.occupancy;
  result["entries"] = counts.entries;
  result["exits"] = counts.exits;
  result["dwell_s"] = counts.exits > 0 ? rounded(counts.dwell_s / static_cast<double>(counts.exits), 1) : Json();
  result["longest_dwell_s"] = counts.exits > 0 ? rounded(counts.longest_dwell_s, 1) : Json();
  result["alone"] = counts.alone;
  return result;
}

Json stream_json(const StreamReport& stream) {
  const auto& health = stream.health;
  Json result;
  result["name"] = health.name;
  result["camera"] = stream.camera < 0 ? Json() : Json(stream.camera);
  result["state"] = to_string(health.state);
  result["reason"] = health.reason;
  result["frames_read"] = health.frames_read;
  result["frames_tracked"] = health.frames_tracked;
  result["frames_dropped"] = health.frames_dropped;
  result["frames_concealed"] = health.errors.concealed;
  result["frames_undecodable"] = health.errors.undecodable;
  result["reconnects"] = health.reconnects;
  result["read_rate"] = rounded(health.read_rate, 2);
  result["tracked_rate"] = rounded(health.tracked_rate, 2);
  result["latency_ms"] = {{"median", rounded(health.latency.median_ms, 1)},
                          {"p95", rounded(health.latency.p95_ms, 1)},
                          {"max", rounded(health.latency.max_ms, 1)}};
  result["objects"] = stream.counts.objects;
  result["classes"] = Json::object();
  for (const auto& [name, count] : stream.counts.by_class) result["classes"][name] = count;
  result["identities"] = stream.counts.identities;
  result["time_s"] = rounded(stream.counts.time_s, 3);
  result["size"] = {stream.counts.size.width, stream.counts.size.height};
  result["zones"] = Json::array();
  for (const auto& zone : stream.counts.zones) result["zones"].push_back(zone_json(zone));
  return result;
}

Json delivery_json(const DeliveryHealth& delivery) {
  return {{"target", delivery.target},       {"connected", delivery.connected}, {"reason", delivery.reason},
          {"delivered", delivery.delivered}, {"waiting", delivery.waiting},     {"lost", delivery.lost}};
}

std::string status_of(const Report& report) {
  const auto ended = [](const StreamReport& stream) { return stream.health.state == StreamState::ended; };
  if (!report.streams.empty() && std::ranges::all_of(report.streams, ended)) return "ended";
  const auto healthy = [&](const StreamReport& stream) {  // a stream that ended with a reason was given up
    return stream.health.state == StreamState::streaming || (ended(stream) && stream.health.reason.empty());
  };
  const bool delivers = std::ranges::all_of(report.deliveries, &DeliveryHealth::connected);
  return delivers && std::ranges::all_of(report.streams, healthy) ? "ok" : "degraded";
}

Json identity_json(const IdentityEvent& event, std::size_t camera) {
  Json result = describe(event);
  result.erase("event");
  result["camera"] = camera;
  result["color"] = color_text(event.id);
  if (!event.best_shot.empty()) {  // the number gives each better picture a new address, so that browsers load it
    result["shot"] = fmt::format("shot.jpg?camera={}&id={}&shot={}", camera, event.id, event.best_shot_number);
  }
  return result;
}

}  // namespace

std::vector<StreamReport> join(const std::vector<StreamHealth>& streams,
                               const std::vector<std::shared_ptr<CameraPage>>& cameras) {
  std::vector<StreamReport> result;
  for (const auto& health : streams) result.push_back({health, -1, {}});
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    auto found = std::ranges::find_if(result, [&](const auto& s) { return s.health.name == cameras[i]->name(); });
    if (found == result.end()) {
      auto& unknown = result.emplace_back().health;  // without a health report, the stream counts as streaming
      unknown.name = cameras[i]->name();
      unknown.state = StreamState::streaming;
      found = result.end() - 1;
    }
    found->camera = static_cast<int>(i);
    found->counts = cameras[i]->counts();
    if (found->counts.ended) found->health.state = StreamState::ended;
  }
  return result;
}

std::string health_json(const Report& report) {
  Json result;
  result["status"] = status_of(report);
  result["version"] = ONEPASS_VERSION;
  result["uptime_s"] = rounded(report.uptime_s, 1);
  result["history_s"] = history_length.count();
  result["viewers"] = report.viewers;
  result["readers"] = report.readers;
  result["streams"] = Json::array();
  for (const auto& stream : report.streams) result["streams"].push_back(stream_json(stream));
  result["deliveries"] = Json::array();
  for (const auto& delivery : report.deliveries) result["deliveries"].push_back(delivery_json(delivery));
  return to_line(result);
}

std::string identities_json(const std::vector<std::shared_ptr<CameraPage>>& cameras) {
  Json result;
  result["current"] = Json::array();
  result["recent"] = Json::array();
  for (std::size_t camera = 0; camera < cameras.size(); ++camera) {
    const auto identities = cameras[camera]->identities();
    for (const auto& event : identities.current) result["current"].push_back(identity_json(event, camera));
    for (const auto& event : identities.recent) result["recent"].push_back(identity_json(event, camera));
  }
  return to_line(result);
}

std::string color_text(std::int64_t id) {
  const auto color = color_of(id);
  return fmt::format("#{:02x}{:02x}{:02x}", static_cast<int>(color[2]), static_cast<int>(color[1]),
                     static_cast<int>(color[0]));
}

std::map<std::string, std::int64_t> occupancy_of(const CameraCounts& counts) {
  std::map<std::string, std::int64_t> result;
  for (const auto& [zone, zone_counts] : counts.zones) {
    if (zone.shape == ZoneShape::polygon) result[zone.name] = zone_counts.occupancy;
  }
  return result;
}

std::string history_json(const History& history) {
  Json result = Json::object();
  for (const auto& [name, samples] : history.samples()) {
    auto& stream = result[name];
    for (const auto& sample : samples) {
      stream["time_ms"].push_back(sample.time_ms);
      stream["objects"].push_back(sample.objects);
      stream["median_ms"].push_back(rounded(sample.median_ms, 1));
      stream["p95_ms"].push_back(rounded(sample.p95_ms, 1));
      stream["read_rate"].push_back(rounded(sample.read_rate, 2));
      stream["tracked_rate"].push_back(rounded(sample.tracked_rate, 2));
      stream["dropped"].push_back(sample.dropped);
    }
    stream["zones"] = Json::object();
  }
  for (const auto& [name, zones] : history.occupancy()) {
    if (!result.contains(name)) continue;  // it has begun since the samples were taken
    for (const auto& [zone, samples] : zones) {
      auto& entry = result[name]["zones"][zone];
      for (const auto& sample : samples) {
        entry["time_ms"].push_back(sample.time_ms);
        entry["occupancy"].push_back(sample.objects);
      }
    }
  }
  return to_line(result);
}

}  // namespace onepass::sink
