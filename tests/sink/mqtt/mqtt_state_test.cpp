#include "sink/mqtt/mqtt_state.hpp"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "onepass/mqtt.hpp"
#include "support/broker.hpp"
#include "support/person.hpp"
#include "support/wait_until.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::Broker;
using test::person;
using test::Subscriber;
using test::wait_until;

std::vector<Zone> zones() {
  Zone door;
  door.name = "front door";
  door.points = {{0.5, 0}, {0.5, 1}};
  Zone room;
  room.name = "room";
  room.shape = ZoneShape::polygon;
  room.points = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  room.alone_s = 5;
  return {door, room};
}

TEST(MqttState, HasTheCountsInTheOrderOfTheZones) {
  ZoneCounts door;
  door.identities = {3, 1};
  door.passages = {4, 1};
  ZoneCounts room;
  room.occupancy = 1;
  room.entries = 3;
  room.exits = 2;
  room.dwell_s = 25;
  EXPECT_EQ(json::parse(state_json(2, zones(), std::vector{door, room})), json::parse(R"({"objects": 2, "zones": [
      {"name": "front door", "directions": [{"name": "in", "identities": 3, "passages": 4},
                                            {"name": "out", "identities": 1, "passages": 1}]},
      {"name": "room", "occupancy": 1, "entries": 3, "exits": 2, "dwell_s": 12.5, "alone": false}]})"));
}

TEST(MqttState, AnnouncesEveryValueToHomeAssistant) {
  const auto made = announcements("homeassistant", "site", "gate 1", zones());
  std::set<std::string> ids;
  std::set<std::string> topics;
  for (const auto& [topic, payload] : made) {
    const auto message = json::parse(payload);
    ids.insert(message["unique_id"]);
    topics.insert(topic);
    EXPECT_THAT(topic,
                testing::MatchesRegex("homeassistant/[a-z_]+/onepass_site_gate_1_[0-9a-f]{8}/[A-Za-z0-9_-]+/config"));
    EXPECT_EQ(message["availability_topic"], "site/status");
    EXPECT_THAT(message["device"]["identifiers"][0], testing::StartsWith("onepass_site_gate_1_"));
    EXPECT_EQ(message["device"]["name"], "gate 1");
  }
  EXPECT_EQ(made.size(), 7U);  // picture, objects, two directions, occupancy, entries, alone
  EXPECT_EQ(ids.size(), 7U);
  EXPECT_EQ(topics.size(), 7U);
  const auto out = json::parse(made[3].payload);
  EXPECT_EQ(out["name"], "front door out");
  EXPECT_EQ(out["state_topic"], "site/gate_1/state");
  EXPECT_EQ(out["value_template"],
            "{{ (value_json.zones | selectattr('name', 'eq', \"front door\") | first).directions[1].identities }}");
  EXPECT_EQ(json::parse(made[6].payload)["value_template"],
            "{{ 'ON' if (value_json.zones | selectattr('name', 'eq', \"room\") | first).alone else 'OFF' }}");
}

/// Home Assistant knows an entity by its id: deleting or moving a zone must not rename those of others.
TEST(MqttState, EntitiesOfAZoneDoNotDependOnTheOthers) {
  const auto with = [](std::vector<Zone> given) {
    std::map<std::string, std::string> made;
    for (const auto& [topic, payload] : announcements("homeassistant", "site", "gate", given)) made[topic] = payload;
    return made;
  };
  const auto both = with(zones());
  const auto reversed = with({zones()[1], zones()[0]});
  EXPECT_EQ(both, reversed);
  const auto room = with({zones()[1]});
  EXPECT_EQ(room.size(), 5U);  // picture, objects, occupancy, entries, alone
  for (const auto& [topic, payload] : room) {
    ASSERT_TRUE(both.contains(topic)) << topic;
    EXPECT_EQ(both.at(topic), payload);
  }
}

TEST(MqttState, NamesWithTheSameLettersAreDifferentEntities) {
  std::vector<Zone> given;
  for (const std::string name : {"gate 1", "gate_1", "gate/1", "gate"}) {
    Zone zone;
    zone.name = name;
    zone.points = {{0.5, 0}, {0.5, 1}};
    if (name == "gate") zone.directions = {"1 in", "1 out"};
    given.push_back(zone);
  }
  std::set<std::string> topics;
  for (const auto& [topic, _] : announcements("homeassistant", "site", "gate", given)) topics.insert(topic);
  EXPECT_EQ(topics.size(), 2 + 4 * 2U);
}

TEST(MqttState, IsRetainedByARealBroker) {
  const Broker broker;
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(broker.port()) + "/site");
  const auto publisher = std::make_shared<MqttPublisher>(options);
  StreamInfo stream;
  stream.source.name = "gate";
  stream.counting.zones = zones();
  const auto sink = make_mqtt_state_sink(publisher, stream, "homeassistant");
  Frame frame;
  frame.size = {640, 360};
  frame.image = cv::Mat::zeros(360, 640, CV_8UC3);
  sink->write(frame, std::vector{person(1)});
  ASSERT_TRUE(wait_until([&] { return publisher->health().waiting == 0 && publisher->health().delivered > 0; }));
  Subscriber late(broker.port());  // gets what was retained
  ASSERT_TRUE(wait_until([&] { return late.messages("site/gate/picture").size() == 1; }));
  ASSERT_TRUE(wait_until([&] { return late.messages("site/gate/state").size() == 1; }));
  const auto state = json::parse(late.messages("site/gate/state").front());
  EXPECT_EQ(state["objects"], 1);
  EXPECT_EQ(state["zones"][1]["occupancy"], 1);
  EXPECT_TRUE(
      wait_until([&] { return late.messages("homeassistant/sensor/onepass_site_gate/Objects_0/config").size() == 1; }));
  EXPECT_EQ(late.messages("site/gate/picture").front().substr(1, 2), "\xd8\xff");  // the start of every JPEG
}

/// The zones file may be edited while nothing runs: what the broker still keeps of the former zones is removed.
TEST(MqttState, RemovesWhatAnEarlierRunHasAnnounced) {
  const Broker broker;
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(broker.port()) + "/site");
  StreamInfo stream;
  stream.source.name = "gate";
  const auto gone = announcements("homeassistant", "site", "gate", zones()).back().topic;
  const auto kept = announcements("homeassistant", "site", "gate", zones())[2].topic;
  const std::string foreign = "homeassistant/sensor/onepass_site_yard/a_0/config";
  {
    const auto publisher = std::make_shared<MqttPublisher>(options);
    publisher->publish_state_at(foreign, "of another camera");
    stream.counting.zones = zones();
    const auto sink = make_mqtt_state_sink(publisher, stream, "homeassistant");
    ASSERT_TRUE(wait_until([&] { return publisher->health().waiting == 0 && publisher->health().delivered > 0; }));
  }
  Subscriber subscriber(broker.port());
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(gone).size() == 1; }));
  const auto publisher = std::make_shared<MqttPublisher>(options);
  stream.counting.zones = {zones()[0]};
  const auto sink = make_mqtt_state_sink(publisher, stream, "homeassistant");
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(gone).size() == 2; }));
  EXPECT_EQ(subscriber.messages(gone).back(), "");
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(kept).size() == 2; }));
  EXPECT_NE(subscriber.messages(kept).back(), "");
  EXPECT_EQ(subscriber.messages(foreign), std::vector<std::string>{"of another camera"});
}

TEST(MqttState, FollowsZonesThatAreChanged) {
  const Broker broker;
  MqttOptions options;
  options.address = parse_mqtt_address("mqtt://127.0.0.1:" + std::to_string(broker.port()) + "/site");
  const auto publisher = std::make_shared<MqttPublisher>(options);
  StreamInfo stream;
  stream.source.name = "gate";
  stream.counting.zones = zones();
  stream = counted_once(std::move(stream));
  Subscriber subscriber(broker.port());
  const auto sink = make_mqtt_state_sink(publisher, stream, "homeassistant");
  Frame frame;
  frame.size = {640, 360};
  sink->write(frame, {});
  const auto former = announcements("homeassistant", "site", "gate", zones());
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(former.back().topic).size() == 1; }));
  stream.counting.shared->board().post({zones()[0]});
  frame.index = 1;
  frame.time = Timestamp(2);
  sink->write(frame, {});
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(former.back().topic).size() == 2; }));
  EXPECT_EQ(subscriber.messages(former.back().topic).back(), "");  // an empty message withdraws an entity
  ASSERT_TRUE(wait_until([&] { return subscriber.messages(former[2].topic).size() == 2; }));
  EXPECT_EQ(subscriber.messages(former[2].topic).back(), former[2].payload);  // the line is still there
  ASSERT_TRUE(wait_until([&] { return subscriber.messages("site/gate/state").size() == 2; }));
  EXPECT_EQ(json::parse(subscriber.messages("site/gate/state").back())["zones"].size(), 1U);
}

}  // namespace
}  // namespace onepass::sink
