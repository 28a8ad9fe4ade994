#include "sink/mqtt/mqtt_state.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>
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

/// A short text that differs between texts that are alike in letters, digits, "_" and "-".
std::string key_of(std::initializer_list<std::string_view> texts) {
  std::uint32_t hash = 2166136261;  // FNV-1a
  for (const auto text : texts) {
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619;
    hash *= 16777619;  // ends the text, as a character 0 would
  }
  return fmt::format("{:08x}", hash);
}

/// The id of the stream's device. Two streams never have the same one: each removes what it does not know of its own.
std::string device_id(const std::string& prefix, const std::string& stream) {
  const auto name = prefix + "_" + stream;
  const auto id = object_id(name);
  return id == name ? "onepass_" + id : fmt::format("onepass_{}_{}", id, key_of({prefix, stream}));
}

/// Announces the values of one stream.
class Announcer {
 public:
  Announcer(std::string discovery_prefix, const std::string& prefix, const std::string& stream)
      : discovery_prefix_(std::move(discovery_prefix)),
        prefix_(prefix),
        topic_(prefix + "/" + topic_name(stream)),
        device_(device_id(prefix, stream)),
        stream_(stream) {}

  /// @param component "sensor", "binary_sensor" or "camera"
  /// @param key tells apart what has the same id after object_id(); it must stay as long as the value is the same one,
  ///        because users of Home Assistant name and place entities by their id
  void announce(const std::string& component, const std::string& name, const std::string& key, const Json& more) {
    const auto id = fmt::format("{}_{}", object_id(name), key);
    Json payload = {{"name", name},
                    {"unique_id", device_ + "_" + id},
                    {"availability_topic", prefix_ + "/status"},
                    {"device", {{"identifiers", {device_}}, {"name", stream_}, {"manufacturer", "onepass"}}},
                    {"origin", {{"name", "onepass"}, {"sw_version", ONEPASS_VERSION}}}};
    payload.update(more);
    made_.push_back({fmt::format("{}/{}/{}/{}/config", discovery_prefix_, component, device_, id), to_line(payload)});
  }

  void announce_value(const std::string& name, const std::string& key, const std::string& value,
                      const char* state_class) {
    announce("sensor", name, key,
             {{"state_topic", state_topic()},
              {"value_template", fmt::format("{{{{ {} }}}}", value)},
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

/// The zone's part of the state. It is found by its name, because the places of zones change when one is deleted.
std::string zone_in_state(const Zone& zone) {
  return fmt::format("(value_json.zones | selectattr('name', 'eq', {}) | first)", to_line(Json(zone.name)));
}

void announce_zone(Announcer& announcer, const Zone& zone) {
  const auto state = zone_in_state(zone);
  const auto announce = [&](std::string_view value, const std::string& path, const char* state_class) {
    announcer.announce_value(fmt::format("{} {}", zone.name, value), key_of({zone.name, value}), state + path,
                             state_class);
  };
  if (zone.shape == ZoneShape::line) {
    for (std::size_t i = 0; i < 2; ++i)
      announce(zone.directions[i], fmt::format(".directions[{}].identities", i), "total_increasing");
    return;
  }
  announce("occupancy", ".occupancy", "measurement");
  announce("entries", ".entries", "total_increasing");
  if (zone.alone_s > 0)
    announcer.announce("binary_sensor", zone.name + " alone", key_of({zone.name, "alone"}),
                       {{"state_topic", announcer.state_topic()},
                        {"value_template", fmt::format("{{{{ 'ON' if {}.alone else 'OFF' }}}}", state)}});
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
  announcer.announce("camera", "Picture", "0", {{"topic", announcer.picture_topic()}});
  announcer.announce_value("Objects", "0", "value_json.objects", "measurement");
  for (const auto& zone : zones) announce_zone(announcer, zone);
  return std::move(announcer).made();
}

std::string announcement_filter(const std::string& discovery_prefix, const std::string& prefix,
                                const std::string& stream) {
  return fmt::format("{}/+/{}/+/config", discovery_prefix, device_id(prefix, stream));
}

}  // namespace onepass::sink
