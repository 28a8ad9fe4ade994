#include "sink/mqtt/mqtt_state.hpp"

#include <utility>

#include <fmt/format.h>

#include "sink/text/json_values.hpp"

namespace onepass::sink {
namespace {

/// Object ids of Home Assistant: letters, digits, "_" and "-".
std::string object_id(std::string text) {
  for (char& letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-';
    if (!plain) letter = '_';
  }
  return text;
}

/// Announces the values of one stream.
class Announcer {
 public:
  Announcer(std::string discovery_prefix, const std::string& prefix, const std::string& stream)
      : discovery_prefix_(std::move(discovery_prefix)),
        prefix_(prefix),
        topic_(prefix + "/" + topic_name(stream)),
        device_("onepass_" + object_id(prefix + "_" + stream)),
        stream_(stream) {}

  /// @param component "sensor", "binary_sensor" or "camera"
  /// @param number tells apart what has the same id after object_id()
  void announce(const std::string& component, const std::string& name, std::size_t number, const Json& more) {
    const auto id = fmt::format("{}_{}", object_id(name), number);
    Json payload = {{"name", name},
                    {"unique_id", device_ + "_" + id},
                    {"availability_topic", prefix_ + "/status"},
                    {"device", {{"identifiers", {device_}}, {"name", stream_}, {"manufacturer", "onepass"}}},
                    {"origin", {{"name", "onepass"}, {"sw_version", ONEPASS_VERSION}}}};
    payload.update(more);
    made_.push_back({fmt::format("{}/{}/{}/{}/config", discovery_prefix_, component, device_, id), to_line(payload)});
  }

  void announce_value(const std::string& name, std::size_t number, const std::string& path, const char* state_class) {
    announce("sensor", name, number,
             {{"state_topic", state_topic()},
              {"value_template", fmt::format("{{{{ value_json.{} }}}}", path)},
              {"state_class", state_class}});
  }

  std::string state_topic() const { return topic_ + "/state"; }
  std::string picture_topic() const { return topic_ + "/picture"; }
  std::vector<Announcement> made() && { return std::move(made_); }

 private:
  std::string discovery_prefix_;
  std::string prefix_;
  std::string topic_;
  std::string device_;
  std::string stream_;
  std::vector<Announcement> made_;
};

void announce_zone(Announcer& announcer, const Zone& zone, std::size_t number) {
  const auto path = fmt::format("zones[{}].", number);
  if (zone.shape == ZoneShape::line) {
    for (std::size_t i = 0; i < 2; ++i)
      announcer.announce_value(zone.name + " " + zone.directions[i], number,
                               fmt::format("{}directions[{}].identities", path, i), "total_increasing");
    return;
  }
  announcer.announce_value(zone.name + " occupancy", number, path + "occupancy", "measurement");
  announcer.announce_value(zone.name + " entries", number, path + "entries", "total_increasing");
  if (zone.alone_s > 0)
    announcer.announce("binary_sensor", zone.name + " alone", number,
                       {{"state_topic", announcer.state_topic()},
                        {"value_template", fmt::format("{{{{ 'ON' if value_json.{}alone else 'OFF' }}}}", path)}});
}

}  // namespace

std::string topic_name(const std::string& stream) {
  auto topic = stream.empty() ? "_" : stream;
  for (char& letter : topic) {
    const bool plain = letter > ' ' && letter < 127 && letter != '+' && letter != '#' && letter != '/';
    if (!plain) letter = '_';
  }
  return topic;
}

std::string state_json(std::int64_t objects, std::span<const Zone> zones, std::span<const ZoneCounts> counts) {
  Json state = {{"objects", objects}, {"zones", Json::array()}};
  for (std::size_t i = 0; i < zones.size(); ++i) {
    Json zone = {{"name", zones[i].name}};
    if (zones[i].shape == ZoneShape::line) {
      for (std::size_t side = 0; side < 2; ++side)
        zone["directions"].push_back({{"name", zones[i].directions[side]},
                                      {"identities", counts[i].identities[side]},
                                      {"passages", counts[i].passages[side]}});
    } else {
      const auto exits = static_cast<double>(counts[i].exits);
      zone["occupancy"] = counts[i].occupancy;
      zone["entries"] = counts[i].entries;
      zone["exits"] = counts[i].exits;
      zone["dwell_s"] = exits > 0 ? rounded(counts[i].dwell_s / exits, 1) : Json();
      zone["alone"] = counts[i].alone;
    }
    state["zones"].push_back(std::move(zone));
  }
  return to_line(state);
}

std::vector<Announcement> announcements(const std::string& discovery_prefix, const std::string& prefix,
                                        const std::string& stream, std::span<const Zone> zones) {
  Announcer announcer(discovery_prefix, prefix, stream);
  announcer.announce("camera", "Picture", 0, {{"topic", announcer.picture_topic()}});
  announcer.announce_value("Objects", 0, "objects", "measurement");
  for (std::size_t i = 0; i < zones.size(); ++i) announce_zone(announcer, zones[i], i);
  return std::move(announcer).made();
}

}  // namespace onepass::sink
