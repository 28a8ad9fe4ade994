// Publishes identity events to an MQTT broker, and buffers them while the broker is unavailable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "onepass/identity_events.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass::sink {
class MqttConnection;
}

namespace onepass {

struct MqttAddress {
  std::string host;
  int port = 1883;
  bool tls = false;
  std::string user;                ///< empty: none
  std::string prefix = "onepass";  ///< prefix of every topic
};

/// Parses "mqtt://[user@]host[:port][/prefix]", or "mqtts://..." for TLS (default port 8883). An address that contains
/// a password is refused, because other users of the machine could read it. Messages never contain the password.
/// @throws std::invalid_argument naming the problem.
/// @throws SettingError "mqtt_password_file" if the address contains a password.
MqttAddress parse_mqtt_address(const std::string& text);

struct MqttOptions {
  MqttAddress address;
  std::string password;
  std::filesystem::path ca_file;             ///< trusted certificates (PEM); empty: those of the system
  std::filesystem::path certificate_file;    ///< this client's certificate (PEM), if the broker wants one
  std::filesystem::path key_file;            ///< its private key (PEM, without passphrase); given together with it
  std::size_t max_waiting = 10'000;          ///< messages buffered while disconnected; above it, the oldest are dropped
  std::size_t max_waiting_bytes = 32 << 20;  ///< bytes buffered, topics included; above it, the oldest are dropped
  WarningHandler warn = [](const std::string&) {};  ///< called once per change: refused, lost, connected again
};

/// Sends messages from its own thread: publish() never waits for the network. Messages have quality of service 1 and
/// are sent again if the broker did not acknowledge them. The retained topic "<prefix>/status" is "online" or
/// "offline"; if this program dies, the broker sets it to "offline" (last will).
class MqttPublisher {
 public:
  /// Starts to connect. If the broker is unreachable or refuses, `warn` is called and the connection is retried with
  /// growing pauses.
  /// @throws std::runtime_error for invalid options, such as certificates that cannot be read.
  explicit MqttPublisher(const MqttOptions& options);

  /// Tries for a short time to deliver the buffered messages, publishes "offline" and disconnects.
  ~MqttPublisher();
  MqttPublisher(const MqttPublisher&) = delete;
  MqttPublisher& operator=(const MqttPublisher&) = delete;

  /// @param topic below the prefix, such as "street/events"
  void publish(const std::string& topic, const std::string& message);

  /// Publishes a state, which the broker keeps for later subscribers. Of several states that wait for the broker under
  /// one topic, only the newest is sent. After a reconnection the newest state of every topic is sent again, because a
  /// broker may have lost it.
  /// @param topic below the prefix, such as "street/state"
  void publish_state(const std::string& topic, const std::string& message);

  /// Publishes a state under a topic that does not begin with the prefix.
  void publish_state_at(const std::string& whole_topic, const std::string& message);

  /// Removes the states that the broker keeps under this filter of whole topics, such as
  /// "homeassistant/+/gate/+/config", and that this publisher has not published: those of an earlier run.
  void own_states(const std::string& filter);

  const std::string& prefix() const;  ///< of the address

  DeliveryHealth health() const;

 private:
  std::shared_ptr<sink::MqttConnection> connection_;
};

/// Makes a sink that publishes every event as JSON (see both to_json functions) to "<prefix>/<name of the
/// stream>/events". Characters of the name with a special meaning in topics are replaced by "_".
std::unique_ptr<TrackSink> make_mqtt_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                          const EventOptions& options);

/// Makes a sink that publishes, as retained states and at most once a second, the counts of a stream to "<prefix>/<name
/// of the stream>/state": {"objects": 2, "zones": [{"name": "door", "directions": [{"name": "in", "identities": 3,
/// "passages": 4}, …]}, {"name": "queue", "occupancy": 1, "entries": 3, "exits": 2, "dwell_s": 12.5, "alone": false}]}.
/// With a discovery prefix (Home Assistant's is "homeassistant"), it also announces them, so that they appear there by
/// themselves (and those announced by an earlier run, whose zones no longer exist, disappear), and every five seconds
/// publishes the annotated picture, as JPEG, to "<prefix>/<name>/picture".
std::unique_ptr<TrackSink> make_mqtt_state_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                                const std::string& discovery_prefix);

}  // namespace onepass
