// Tests a real broker, with a client library that fails to send retained messages.
#include "sink/mqtt/mqtt_connection.hpp"

#include <dlfcn.h>
#include <mosquitto.h>

#include <gtest/gtest.h>

#include "support/broker.hpp"
#include "support/wait_until.hpp"

/// Replaces the library's function in this program.
extern "C" int mosquitto_publish(mosquitto* client, int* number, const char* topic, int size, const void* payload,
                                 int qos, bool retain) {
  if (retain) return MOSQ_ERR_NOMEM;
  static const auto original = reinterpret_cast<decltype(&mosquitto_publish)>(::dlsym(RTLD_NEXT, "mosquitto_publish"));
  return original(client, number, topic, size, payload, qos, retain);
}

namespace onepass {
namespace {

TEST(MqttConnection, AStatusThatCannotBeSentIsNoLostEvent) {
  const test::Broker broker;
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(broker.port()));
  MqttPublisher publisher(options);
  publisher.publish("street/events", "an event");
  EXPECT_TRUE(test::wait_until([&] { return publisher.health().delivered == 1; }));
  EXPECT_EQ(publisher.health().lost, 0);
}

}  // namespace
}  // namespace onepass
