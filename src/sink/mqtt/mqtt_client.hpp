// Makes clients of the MQTT library (libmosquitto) and explains its errors.
#pragma once

#include <memory>
#include <string>

#include "onepass/mqtt.hpp"

struct mosquitto;

namespace onepass::sink {

struct MqttClientFreed {
  void operator()(mosquitto* client) const;
};
using MqttClient = std::unique_ptr<mosquitto, MqttClientFreed>;

/// All messages are delivered at least once (MQTT 3.1.1, section 4.3).
inline constexpr int quality_of_service = 1;

/// Makes a client with user, password, certificates and last will; it is not connected yet.
/// @param owner argument of the client's callbacks
/// @throws std::runtime_error as MqttPublisher does.
MqttClient make_mqtt_client(const MqttOptions& options, void* owner);

/// Returns "mqtt://host:1883": the address for messages, without user and prefix.
std::string target_of(const MqttAddress& address);

/// Returns the topic of the retained status, "<prefix>/status".
std::string status_topic_of(const MqttAddress& address);

/// Explains an error code of the library; for MOSQ_ERR_ERRNO, the system's errno.
std::string error_text(int error);

/// Explains why the broker refused CONNECT (MQTT 3.1.1, table 3.1).
std::string refusal_text(int code, const std::string& user);

}  // namespace onepass::sink
