// Describes the counts of a stream as states for a broker, and announces them to Home Assistant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "onepass/zones.hpp"

namespace onepass::sink {

/// The name with the characters that have a special meaning in topics replaced by "_"; "_" if it is empty.
std::string topic_name(const std::string& stream);

/// The state of make_mqtt_state_sink.
std::string state_json(std::int64_t objects, std::span<const Zone> zones, std::span<const ZoneCounts> counts);

/// Topic and payload of a retained message.
struct Announcement {
  std::string topic;
  std::string payload;
};

/// One message per value of the state, and one for the picture, in the format of Home Assistant's MQTT discovery
/// (https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery).
/// @param discovery_prefix usually "homeassistant"
/// @param prefix of the broker's address
std::vector<Announcement> announcements(const std::string& discovery_prefix, const std::string& prefix,
                                        const std::string& stream, std::span<const Zone> zones);

/// The filter of the topics of all announcements of a stream.
std::string announcement_filter(const std::string& discovery_prefix, const std::string& prefix,
                                const std::string& stream);

}  // namespace onepass::sink
