#include <thread>
#include <utility>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_connection.hpp"

namespace onepass {

MqttPublisher::MqttPublisher(const MqttOptions& options)
    : connection_(std::make_shared<sink::MqttConnection>(options)) {
  // Detached, because the thread may outlive the publisher if stop() cannot wait for it. It shares the connection.
  std::thread([connection = connection_] { connection->run(); }).detach();
}

MqttPublisher::~MqttPublisher() { connection_->stop(); }

void MqttPublisher::publish(const std::string& topic, const std::string& message) {
  connection_->publish(topic, message);
}

DeliveryHealth MqttPublisher::health() const { return connection_->health(); }

std::unique_ptr<TrackSink> make_mqtt_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                          const EventOptions& options) {
  auto topic = stream.source.name.empty() ? "_" : stream.source.name;
  for (char& letter : topic) {
    const bool plain = letter > ' ' && letter < 127 && letter != '+' && letter != '#' && letter != '/';
    if (!plain) letter = '_';
  }
  const auto publish = [publisher = std::move(publisher), topic = topic + "/events"](const IdentityEvent& event) {
    publisher->publish(topic, to_json(event));
  };
  return make_event_sink(stream, options, publish);
}

}  // namespace onepass
