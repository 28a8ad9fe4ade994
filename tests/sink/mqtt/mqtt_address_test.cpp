#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/mqtt.hpp"
#include "onepass/setting_error.hpp"
#include "support/message_of.hpp"

namespace onepass::sink {
namespace {

using test::message_of;
using testing::HasSubstr;

TEST(MqttAddress, IsReadAsPeopleWriteIt) {
  const auto parsed = [](const std::string& text) {
    const auto address = parse_mqtt_address(text);
    return address.user + " " + address.host + " " + std::to_string(address.port) + " " + address.prefix +
           (address.tls ? " tls" : "");
  };
  EXPECT_EQ(parsed("mqtt://broker"), " broker 1883 onepass");
  EXPECT_EQ(parsed("mqtts://me@broker/a/b/"), "me broker 8883 a/b tls");
  EXPECT_EQ(parsed("mqtt://[::1]:18/x"), " ::1 18 x");
  for (const char* text : {"", "broker", "http://broker", "mqtt://", "mqtt://:1", "mqtt://h:0", "mqtt://h:x",
                           "mqtt://h:65536", "mqtt://h/a+b", "mqtt://h/#", "mqtt://a b"}) {
    EXPECT_THAT(message_of([&] { parse_mqtt_address(text); }), HasSubstr("write mqtt://[user@]host")) << text;
    EXPECT_THROW(parse_mqtt_address(text), std::invalid_argument) << text;
  }
  const auto refused = message_of([] { parse_mqtt_address("mqtt://me:s3cret@broker/x"); });
  EXPECT_THAT(refused, HasSubstr("(setting: mqtt_password_file)"));
  EXPECT_THAT(refused, testing::Not(HasSubstr("s3cret")));
}

}  // namespace
}  // namespace onepass::sink
