// Addresses of Redis and Kafka, and the settings of Kafka.
#include "onepass/redis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/publisher.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::store {
namespace {

using test::message_of;
using testing::HasSubstr;
using testing::Not;

TEST(RedisAddress, ReadsItsParts) {
  const auto plain = parse_redis_address("redis://host/campus-1");
  EXPECT_EQ(plain.host, "host");
  EXPECT_EQ(plain.port, 6379);
  EXPECT_EQ(plain.name, "campus-1");
  EXPECT_FALSE(plain.tls);
  const auto full = parse_redis_address("rediss://camera@[::1]:7000/a.b_c");
  EXPECT_EQ(full.host, "::1");
  EXPECT_EQ(full.port, 7000);
  EXPECT_EQ(full.user, "camera");
  EXPECT_TRUE(full.tls);
  EXPECT_EQ(to_text(full), "rediss://[::1]:7000/a.b_c");
}

TEST(RedisAddress, RefusesTheRest) {
  const auto error_of = [](const std::string& text) { return message_of([&] { parse_redis_address(text); }); };
  EXPECT_THAT(error_of("http://host/a"), HasSubstr("not the address of a Redis server"));
  EXPECT_THAT(error_of("redis://host"), HasSubstr("the name after the host is missing"));
  for (const auto* name : {"", "a b", "a/b", "{a}", "a:b", "straße", "a\n"})
    EXPECT_THAT(error_of(std::string("redis://host/") + name), HasSubstr("a name has 1 to 100 letters")) << name;
  EXPECT_THAT(error_of("redis://host/" + std::string(101, 'a')), HasSubstr("a name has"));
  for (const auto* port : {"0", "65536", "x", ""})
    EXPECT_THAT(error_of(std::string("redis://host:") + port + "/a"), HasSubstr("is not a valid port")) << port;
  EXPECT_THAT(error_of("redis:///a"), HasSubstr("the host is missing"));
  const auto secret = error_of("redis://camera:secret@host/a");
  EXPECT_THAT(secret, HasSubstr("other users could read a password"));
  EXPECT_THAT(secret, Not(HasSubstr("secret")));
  EXPECT_THAT(error_of("redis://camera@host:x/a"), Not(HasSubstr("camera")));
}

TEST(KafkaAddress, ReadsItsParts) {
  const auto kafka = parse_kafka_address("kafka://one:9092,two:9092/events");
  EXPECT_EQ(kafka.brokers, "one:9092,two:9092");
  EXPECT_EQ(kafka.topic, "events");
  const auto error_of = [](const std::string& text) { return message_of([&] { parse_kafka_address(text); }); };
  EXPECT_THAT(error_of("kafka://host"), HasSubstr("the topic is missing"));
  EXPECT_THAT(error_of("kafka://host/a b"), HasSubstr("a topic has"));
  EXPECT_THAT(error_of("kafka:///a"), HasSubstr("the host is missing"));
  EXPECT_THAT(error_of("kafka://user:secret@host/a"), Not(HasSubstr("secret")));
}

TEST(KafkaSettings, AreReadFromAFile) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("kafka.conf", "# access\nsasl.username = camera\r\n\nsasl.password=a=b\n");
  const auto settings = read_kafka_settings(file);
  EXPECT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings.at("sasl.username"), "camera");
  EXPECT_EQ(settings.at("sasl.password"), "a=b");
  const auto bad = folder.write("bad.conf", "acks=all\nhunter2\n");
  EXPECT_EQ(message_of([&] { read_kafka_settings(bad); }), bad.string() + ":2: expected key=value");
  EXPECT_THAT(message_of([&] { read_kafka_settings(folder / "none"); }), HasSubstr("cannot read these settings"));
}

}  // namespace
}  // namespace onepass::store
