// Messages to an MQTT broker, which may be away for a while.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "onepass/frame_source.hpp"
#include "onepass/identity_events.hpp"
#include "onepass/stream_health.hpp"

namespace onepass {

struct MqttAddress {
  std::string host;
  int port = 1883;
  bool tls = false;
  std::string user;                ///< empty: none
  std::string prefix = "onepass";  ///< of every topic
};

/// Reads "mqtt://[user@]host[:port][/prefix]", or "mqtts://..." for TLS (port 8883 then).
/// @throws std::runtime_error saying what is wrong, without a password that was given in the address; that is refused,
///         for other users of the machine could read it.
MqttAddress parse_mqtt_address(const std::string& text);

struct MqttOptions {
  MqttAddress address;
  std::string password;
  std::filesystem::path ca_file;             ///< certificates that are trusted (PEM); empty: those of the system
  std::size_t max_waiting = 10'000;          ///< messages kept while the broker is away; then the oldest are dropped
  std::size_t max_waiting_bytes = 32 << 20;  ///< and at most these, topics included
  WarningHandler warn = [](const std::string&) {};  ///< told once of each change: refused, lost, connected again
};

class MqttConnection;  // see src/sink/mqtt/mqtt_connection.hpp

/// Sends from a thread of its own: publish() never waits for the network. Messages have quality of service 1 and are
/// sent again where the broker did not acknowledge them. "<prefix>/status" is kept (retained) as "online" or "offline",
/// also by the broker itself where this program dies (last will).
class MqttPublisher {
 public:
  /// Begins to connect; a broker that is away or refuses is told to `warn` and tried again, with pauses that grow.
  /// @throws std::runtime_error where the options cannot work, such as certificates that cannot be read.
  explicit MqttPublisher(const MqttOptions& options);

  /// Gives what waits a moment to be delivered, says "offline" and disconnects.
  ~MqttPublisher();
  MqttPublisher(const MqttPublisher&) = delete;
  MqttPublisher& operator=(const MqttPublisher&) = delete;

  /// @param topic below the prefix, such as "street/events"
  void publish(const std::string& topic, const std::string& message);

  DeliveryHealth health() const;

 private:
  std::shared_ptr<MqttConnection> connection_;
};

/// Publishes what to_json writes of every event to "<prefix>/<name of the stream>/events"; characters that have a
/// meaning in topics become "_".
std::unique_ptr<TrackSink> make_mqtt_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                          const EventOptions& options);

}  // namespace onepass
