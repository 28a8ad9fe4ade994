// Tests a real broker, mosquitto, which the test kills and restarts.
#include "onepass/mqtt.hpp"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/broker.hpp"
#include "support/child_process.hpp"
#include "support/message_of.hpp"
#include "support/wait_until.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::Broker;
using test::message_of;
using test::Subscriber;
using test::wait_until;
using testing::ElementsAre;
using testing::HasSubstr;

/// Log lines, which can come from any thread.
class Warnings {
 public:
  WarningHandler handler() {
    return [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
    };
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

MqttOptions options_for(const Broker& broker, Warnings& warnings) {
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(broker.port()) + "/site");
  options.warn = warnings.handler();
  return options;
}

TEST(Mqtt, DeliversMessagesAndTheOnlineState) {
  const Broker broker;
  Subscriber subscriber(broker.port());
  Warnings warnings;
  {
    MqttPublisher publisher(options_for(broker, warnings));
    for (int i = 0; i < 100; ++i) publisher.publish("gate/events", std::to_string(i));
    EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 100; }));
    EXPECT_TRUE(publisher.health().connected);
    EXPECT_EQ(publisher.health().target, "mqtt://127.0.0.1:" + std::to_string(broker.port()));
    EXPECT_EQ(publisher.health().waiting, 0);
    Subscriber late(broker.port());  // the state is retained
    EXPECT_TRUE(wait_until([&] { return late.messages("site/status").size() == 1; }));
    EXPECT_THAT(late.messages("site/status"), ElementsAre("online"));
  }
  EXPECT_TRUE(wait_until([&] { return subscriber.messages("site/status").size() == 2; }));
  EXPECT_THAT(subscriber.messages("site/status"), ElementsAre("online", "offline"));
  const auto events = subscriber.messages("site/gate/events");
  ASSERT_EQ(events.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(events[static_cast<std::size_t>(i)], std::to_string(i));
  EXPECT_THAT(warnings.lines(), ElementsAre());
}

TEST(Mqtt, KeepsMessagesWhileTheBrokerIsAway) {
  Broker broker;
  { const Subscriber waits_until_it_is_up(broker.port()); }
  Warnings warnings;
  MqttPublisher publisher(options_for(broker, warnings));
  publisher.publish("a", "before");
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 1; }));
  broker.kill();
  EXPECT_TRUE(wait_until([&] { return !publisher.health().connected; }));
  EXPECT_NE(publisher.health().reason, "");
  for (int i = 0; i < 50; ++i) publisher.publish("a", std::to_string(i));
  EXPECT_EQ(publisher.health().waiting, 50);
  EXPECT_EQ(publisher.health().delivered, 1);
  broker.start();
  Subscriber subscriber(broker.port());
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 51; }));
  EXPECT_EQ(publisher.health().lost, 0);
  EXPECT_EQ(publisher.health().waiting, 0);
  // The subscriber may have missed the first messages; the rest is in order and complete.
  publisher.publish("a", "after");
  EXPECT_TRUE(wait_until([&] {
    const auto seen = subscriber.messages("site/a");
    return !seen.empty() && seen.back() == "after";
  }));
  const auto lines = warnings.lines();
  ASSERT_GE(lines.size(), 2U);
  EXPECT_THAT(lines.front(), HasSubstr("messages are buffered"));
  EXPECT_THAT(lines.back(), HasSubstr(": connected again"));
  EXPECT_LE(lines.size(), 3U);  // lost, refused, connected: once each
}

TEST(Mqtt, RepeatsStatesToABrokerThatHasLostThem) {
  Broker broker;
  { const Subscriber waits_until_it_is_up(broker.port()); }
  Warnings warnings;
  MqttPublisher publisher(options_for(broker, warnings));
  publisher.publish_state("gate/state", "old");
  publisher.publish_state("gate/state", "new");
  publisher.publish_state_at("homeassistant/gate", "a sensor");
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered >= 2 && publisher.health().waiting == 0; }));
  broker.kill();
  EXPECT_TRUE(wait_until([&] { return !publisher.health().connected; }));
  broker.start();  // it keeps nothing on disk
  EXPECT_TRUE(wait_until([&] { return publisher.health().connected; }));
  Subscriber late(broker.port());
  EXPECT_TRUE(wait_until([&] { return late.messages("homeassistant/gate").size() == 1; }));
  EXPECT_TRUE(wait_until([&] { return late.messages("site/gate/state").size() == 1; }));
  EXPECT_THAT(late.messages("site/gate/state"), ElementsAre("new"));
}

TEST(Mqtt, DropsTheOldestFromAFullBufferAndCountsThem) {
  Warnings warnings;
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(test::free_port()));
  options.warn = warnings.handler();
  options.max_waiting = 10;
  {
    MqttPublisher publisher(options);
    for (int i = 0; i < 25; ++i) publisher.publish("a", std::to_string(i));
    EXPECT_EQ(publisher.health().waiting, 10);
    EXPECT_EQ(publisher.health().lost, 15);
    EXPECT_TRUE(wait_until([&] { return !warnings.lines().empty(); }));
    EXPECT_THAT(warnings.lines().front(), HasSubstr("Connection refused; messages are buffered"));
  }
  const auto lines = warnings.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[1], HasSubstr("10 messages could not be delivered"));
  EXPECT_THAT(lines[2], HasSubstr("15 messages were dropped from the full buffer"));
}

TEST(Mqtt, GivesUserAndPassword) {
  const Broker broker(Broker::Guard::password);
  Warnings warnings;
  auto options = options_for(broker, warnings);
  const auto warned_with = [&](const std::string& user, const std::string& password) {
    Warnings own;
    options.address.user = user;
    options.password = password;
    options.warn = own.handler();
    const MqttPublisher publisher(options);
    EXPECT_TRUE(wait_until([&] { return publisher.health().connected || !own.lines().empty(); }));
    return own.lines().empty() ? "" : own.lines().front();
  };
  const auto start = "mqtt://127.0.0.1:" + std::to_string(broker.port()) + ": ";
  const std::string end = "; messages are buffered, and the connection is retried";
  EXPECT_TRUE(wait_until([&] { return warned_with("camera", "right").empty(); }));  // the broker may still be starting
  EXPECT_EQ(warned_with("camera", "wrong"), start + "wrong password for user 'camera'" + end);
  EXPECT_EQ(warned_with("", ""), start + "the broker requires a user and a password" + end);
}

TEST(Mqtt, SpeaksTlsToBrokersItTrusts) {
  const Broker broker(Broker::Guard::tls);
  Warnings warnings;
  auto options = options_for(broker, warnings);
  options.address.tls = true;
  options.ca_file = broker.certificate();
  {
    MqttPublisher trusting(options);
    trusting.publish("a", "secret");
    EXPECT_TRUE(wait_until([&] { return trusting.health().delivered == 1; }));
  }
  options.ca_file.clear();  // the system does not know this certificate
  const MqttPublisher distrusting(options);
  EXPECT_TRUE(wait_until([&] { return distrusting.health().reason.find("TLS failed") == 0; }));
  EXPECT_FALSE(distrusting.health().connected);
  options.ca_file = "/no/such/file.pem";
  EXPECT_EQ(message_of([&] { MqttPublisher other(options); }), "/no/such/file.pem: these certificates cannot be read");
}

TEST(Mqtt, ShowsItsCertificateToBrokersThatWantOne) {
  const Broker broker(Broker::Guard::client_certificate);
  Warnings warnings;
  auto options = options_for(broker, warnings);
  options.address.tls = true;
  options.ca_file = broker.certificate();
  options.certificate_file = broker.certificate();
  EXPECT_THAT(message_of([&] { MqttPublisher incomplete(options); }), HasSubstr("must be given together"));
  options.key_file = "/no/such/key.pem";
  EXPECT_EQ(message_of([&] { MqttPublisher other(options); }), "/no/such/key.pem: this private key cannot be read");
  options.key_file = broker.key();
  {
    MqttPublisher known(options);
    known.publish("a", "secret");
    EXPECT_TRUE(wait_until([&] { return known.health().delivered == 1; }));
  }
  options.certificate_file.clear();
  options.key_file.clear();
  const MqttPublisher unknown(options);
  EXPECT_TRUE(wait_until([&] { return !unknown.health().reason.empty(); }));
  EXPECT_FALSE(unknown.health().connected);
}

TEST(Mqtt, ASinkPublishesEventsUnderItsStreamsName) {
  const Broker broker;
  Subscriber subscriber(broker.port());
  Warnings warnings;
  const auto publisher = std::make_shared<MqttPublisher>(options_for(broker, warnings));
  StreamInfo stream;
  stream.source.name = "gate/#1+";
  stream.class_names = {"person"};
  const auto sink = make_mqtt_sink(publisher, stream, {});
  Frame frame;
  Track track;
  track.id = 5;
  track.box = {1, 2, 3, 4};
  sink->write(frame, std::vector{track});
  sink->close();
  EXPECT_TRUE(wait_until([&] { return subscriber.messages("site/gate__1_/events").size() == 2; }));
  const auto events = subscriber.messages("site/gate__1_/events");
  EXPECT_EQ(json::parse(events[0])["event"], "new");
  EXPECT_EQ(json::parse(events[1])["event"], "end");
  EXPECT_EQ(json::parse(events[1])["id"], 5);
  EXPECT_EQ(json::parse(events[1])["source"], "gate/#1+");
}

}  // namespace
}  // namespace onepass::sink
