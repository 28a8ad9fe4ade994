// Events and tracks to a real Redis server, and to the cluster that librdkafka simulates.
#include "onepass/publisher.hpp"

#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "store/delivery/links.hpp"
#include "support/message_of.hpp"
#include "support/redis_server.hpp"
#include "support/wait_until.hpp"
// ThreadSanitizer does not know the C11 threads that librdkafka starts, and crashes in them.
#if ONEPASS_TEST_KAFKA && !defined(__SANITIZE_THREAD__)
#define ONEPASS_RUN_KAFKA 1
#include "support/kafka_cluster.hpp"
#endif

namespace onepass::store {
namespace {

using nlohmann::json;
using test::has_redis;
using test::message_of;
using test::no_redis;
using test::RedisServer;
using test::wait_until;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

struct Warnings {
  PublisherLimits limits() {
    PublisherLimits limits;
    limits.warn = [this](const std::string& line) {
      const std::lock_guard lock(mutex);
      lines.push_back(line);
    };
    return limits;
  }
  std::string last() {
    const std::lock_guard lock(mutex);
    return lines.empty() ? "" : lines.back();
  }
  std::mutex mutex;
  std::vector<std::string> lines;
};

/// The messages of a stream, in order.
std::vector<std::string> texts_in(const RedisServer& server, const std::string& stream) {
  std::vector<std::string> texts;
  const auto reply = json::parse(server.run({"--json", "XRANGE", stream, "-", "+"}));
  for (const auto& entry : reply) texts.push_back(entry[1][5]);
  return texts;
}

/// The numbers without those that repeat earlier ones, as a consumer drops them that knows the last of a camera.
std::vector<std::string> without_repeats(const std::vector<std::string>& texts) {
  std::vector<std::string> result;
  int last = -1;
  for (const auto& text : texts) {
    if (std::stoi(text) > last) result.push_back(text);
    last = std::max(last, std::stoi(text));
  }
  return result;
}

std::vector<std::string> numbers(int count) {
  std::vector<std::string> result;
  for (int i = 0; i < count; ++i) result.push_back(std::to_string(i));
  return result;
}

TEST(RedisPublisher, DeliversInOrderAndAtLeastOnce) {
  if (!has_redis()) GTEST_SKIP() << no_redis;
  RedisServer server(RedisServer::Kind::on_disk);
  Warnings warnings;
  Publisher publisher(server.options("events"), warnings.limits());
  for (int i = 0; i < 300; ++i) publisher.publish("gate", "event/1", std::to_string(i));
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 300; }));
  server.kill();
  for (int i = 300; i < 900; ++i) publisher.publish("gate", "event/1", std::to_string(i));
  EXPECT_TRUE(wait_until([&] { return !publisher.health().connected; }));
  EXPECT_EQ(publisher.health().waiting, 600);
  server.start();
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 900; }));
  EXPECT_EQ(publisher.health().lost, 0);
  EXPECT_EQ(without_repeats(texts_in(server, "events")), numbers(900));
  EXPECT_THAT(warnings.last(), HasSubstr("/events: connected again"));
}

TEST(RedisPublisher, DropsTheOldestFromAFullBufferAndSaysSo) {
  Warnings warnings;
  auto limits = warnings.limits();
  limits.max_waiting = 10;
  RedisOptions redis;
  redis.address = parse_redis_address("redis://127.0.0.1:" + std::to_string(test::free_port()) + "/events");
  if (!has_redis()) GTEST_SKIP() << no_redis;
  {
    Publisher publisher(redis, limits);
    EXPECT_TRUE(wait_until([&] { return !warnings.last().empty(); }));
    EXPECT_THAT(warnings.last(), HasSubstr("Connection refused; messages are buffered"));
    for (int i = 0; i < 500; ++i) publisher.publish("gate", "event/1", std::to_string(i));
    EXPECT_GT(publisher.health().lost, 0);
    EXPECT_EQ(publisher.health().lost + publisher.health().waiting, 500);
  }
  EXPECT_THAT(warnings.lines[1], HasSubstr("messages could not be delivered"));
  EXPECT_THAT(warnings.lines[2], HasSubstr("messages were dropped from the full buffer"));
}

TEST(RedisPublisher, ASinkPublishesEventsAndFramesWithTheirSchemas) {
  if (!has_redis()) GTEST_SKIP() << no_redis;
  const RedisServer server;
  StreamInfo stream;
  stream.source.name = "gate #1";
  stream.class_names = {"person"};
  Frame frame;
  Track track;
  track.id = 5;
  track.box = {1, 2, 3, 4};
  {
    const auto publisher = std::make_shared<Publisher>(server.options("all"), PublisherLimits());
    const auto events = make_published_events_sink(publisher, stream, {});
    const auto frames = make_published_frames_sink(publisher, stream);
    events->write(frame, std::vector{track});
    frames->write(frame, std::vector{track});
    events->close();
    EXPECT_TRUE(wait_until([&] { return publisher->health().delivered == 3; }));
  }
  const auto reply = json::parse(server.run({"--json", "XRANGE", "all", "-", "+"}));
  ASSERT_EQ(reply.size(), 3U);
  EXPECT_EQ(reply[0][1][1], "event/1");
  EXPECT_EQ(reply[0][1][3], "gate #1");
  EXPECT_EQ(json::parse(reply[0][1][5].get<std::string>())["event"], "new");
  EXPECT_EQ(reply[1][1][1], "frame/1");
  EXPECT_EQ(json::parse(reply[1][1][5].get<std::string>())["tracks"][0]["id"], 5);
}

TEST(RedisPublisher, AWrongPasswordIsToldAndNotShown) {
  if (!has_redis()) GTEST_SKIP() << no_redis;
  const RedisServer server(RedisServer::Kind::password);
  auto redis = server.options("events");
  redis.password = "secret-but-wrong";
  Warnings warnings;
  const Publisher publisher(redis, warnings.limits());
  EXPECT_TRUE(wait_until([&] { return !warnings.last().empty(); }));
  EXPECT_THAT(warnings.last(), HasSubstr("wrong password"));
  EXPECT_THAT(warnings.last(), Not(HasSubstr("secret")));
}

#if ONEPASS_RUN_KAFKA

KafkaOptions options_for(const test::KafkaCluster& cluster) {
  KafkaOptions options;
  options.brokers = cluster.brokers();
  options.topic = "events";
  return options;
}

TEST(KafkaPublisher, DeliversInOrderPerCamera) {
  test::KafkaCluster cluster("events");
  Warnings warnings;
  {
    Publisher publisher(options_for(cluster), warnings.limits());
    for (int i = 0; i < 300; ++i) publisher.publish(i % 2 == 0 ? "gate" : "yard", "event/1", std::to_string(i / 2));
    EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 300; }));
  }
  const auto messages = cluster.messages("events", 300);
  for (const auto* camera : {"gate", "yard"}) EXPECT_EQ(without_repeats(messages.at(camera)), numbers(150)) << camera;
}

TEST(KafkaPublisher, KeepsMessagesWhileTheBrokersAreAway) {
  test::KafkaCluster cluster("events");
  Warnings warnings;
  Publisher publisher(options_for(cluster), warnings.limits());
  publisher.publish("gate", "event/1", "0");
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 1; }));
  cluster.stop();
  for (int i = 1; i < 50; ++i) publisher.publish("gate", "event/1", std::to_string(i));
  EXPECT_TRUE(wait_until([&] { return !publisher.health().connected; }));
  EXPECT_EQ(publisher.health().waiting, 49);
  cluster.resume();
  EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 50; }));
  EXPECT_EQ(publisher.health().lost, 0);
  EXPECT_EQ(without_repeats(cluster.messages("events", 50).at("gate")), numbers(50));
}

TEST(KafkaPublisher, AMessageThatIsRefusedForGoodStopsNoOthers) {
  test::KafkaCluster cluster("events");
  Warnings warnings;
  {
    Publisher publisher(options_for(cluster), warnings.limits());
    publisher.publish("gate", "event/1", "0");
    for (int i = 0; i < 2; ++i) publisher.publish("gate", "event/1", std::string(2'000'000, 'x'));
    publisher.publish("gate", "event/1", "1");
    EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 2; }));
    EXPECT_EQ(publisher.health().lost, 2);
    EXPECT_EQ(publisher.health().waiting, 0);
  }
  EXPECT_EQ(cluster.messages("events", 2).at("gate"), numbers(2));
  ASSERT_EQ(warnings.lines.size(), 2U);
  EXPECT_THAT(warnings.lines[0], HasSubstr("Message size too large; this message is lost"));
  EXPECT_THAT(warnings.lines[1], EndsWith("2 messages were refused"));
}

sink::Message message_with(const std::string& text) { return {.topic = "gate", .payload = text, .schema = "event/1"}; }

// The link itself, as it depends on threads which messages a Publisher sends together.
TEST(KafkaPublisher, ARefusedBatchIsSentAgainOneByOne) {
  test::KafkaCluster cluster("events");
  const auto link = make_kafka_link(options_for(cluster));
  link->open();
  std::vector<sink::Message> messages;
  for (const auto& number : numbers(20)) messages.push_back(message_with(number));
  cluster.refuse(RD_KAFKA_RESP_ERR_INVALID_RECORD, 1);  // as for one of several
  for (std::span rest(messages); !rest.empty();) {
    const auto sent = link->deliver(rest);
    ASSERT_GT(sent.delivered, 0U) << sent.why;
    ASSERT_EQ(sent.refused, 0U);
    rest = rest.subspan(sent.delivered);
  }
  cluster.refuse(RD_KAFKA_RESP_ERR_INVALID_RECORD, 1);
  EXPECT_EQ(link->deliver(std::vector{message_with("x")}).refused, 1U);
  EXPECT_EQ(link->deliver(std::vector{message_with("20")}).delivered, 1U);
  EXPECT_EQ(without_repeats(cluster.messages("events", 21).at("gate")), numbers(21));
}

TEST(KafkaPublisher, EndsAlthoughItsLibraryWouldWaitForever) {
  test::KafkaCluster cluster("events");
  Warnings warnings;
  auto in_use = std::make_shared<int>();
  const std::weak_ptr<int> held = in_use;
  auto options = options_for(cluster);
  options.settings = {{"message.timeout.ms", "0"}};
  auto limits = warnings.limits();
  limits.warn = [warn = limits.warn, in_use = std::move(in_use)](const std::string& line) { warn(line); };
  {
    Publisher publisher(options, limits);
    limits.warn = [](const std::string&) {};
    publisher.publish("gate", "event/1", "0");
    EXPECT_TRUE(wait_until([&] { return publisher.health().delivered == 1; }));
    cluster.stop();
    for (int i = 1; i < 6; ++i) publisher.publish("gate", "event/1", std::to_string(i));
  }
  EXPECT_TRUE(wait_until([&] { return held.expired(); })) << "its thread goes on";
  EXPECT_THAT(warnings.last(), HasSubstr("5 messages could not be delivered"));
}

TEST(KafkaPublisher, RefusesSettingsWithoutShowingTheirValues) {
  KafkaOptions options;
  options.brokers = "127.0.0.1:1";
  options.topic = "events";
  options.settings = {{"sasl.passwort", "hunter2"}};
  EXPECT_EQ(message_of([&] { Publisher publisher(options, {}); }), "librdkafka knows no setting 'sasl.passwort'");
  options.settings = {{"security.protocol", "hunter2"}};
  EXPECT_EQ(message_of([&] { Publisher publisher(options, {}); }),
            "librdkafka does not accept the value of 'security.protocol'");
}

#endif

}  // namespace
}  // namespace onepass::store
