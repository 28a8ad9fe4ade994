#include <thread>
#include <utility>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_connection.hpp"
#include "sink/mqtt/mqtt_state.hpp"

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

void MqttPublisher::publish_state(const std::string& topic, const std::string& message) {
  connection_->publish_state(topic, message);
}

void MqttPublisher::publish_state_at(const std::string& whole_topic, const std::string& message) {
  connection_->publish_state_at(whole_topic, message);
}

void MqttPublisher::own_states(const std::string& filter) { connection_->own_states(filter); }

const std::string& MqttPublisher::prefix() const { return connection_->prefix(); }

DeliveryHealth MqttPublisher::health() const { return connection_->health(); }

std::unique_ptr<TrackSink> make_mqtt_sink(std::shared_ptr<MqttPublisher> publisher, const StreamInfo& stream,
                                          const EventOptions& options) {
  const auto publish = [publisher = std::move(publisher), topic = sink::topic_name(stream.source.name) + "/events"](
                           const auto& event) { publisher->publish(topic, to_json(event)); };
  return make_event_sink(stream, options, {publish, publish});
}

}  // namespace onepass
