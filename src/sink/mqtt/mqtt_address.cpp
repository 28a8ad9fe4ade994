#include <stdexcept>

#include <fmt/format.h>

#include "io/location.hpp"
#include "onepass/mqtt.hpp"
#include "onepass/setting_error.hpp"

namespace onepass {
namespace {

constexpr const char* expected = "write mqtt://[user@]host[:port][/prefix], or mqtts:// for TLS";

/// Returns the address without user and password, for messages.
std::string shown(const std::string& text) {
  const auto at = text.rfind('@');
  const auto scheme = text.find("://");
  if (at == std::string::npos) return text;
  return (scheme == std::string::npos ? "" : text.substr(0, scheme + 3)) + "...@" + text.substr(at + 1);
}

/// Removes the text before `mark`, and the mark, and returns that text; empty if there is no mark.
std::string take_before(std::string& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string::npos) return "";
  const auto taken = text.substr(0, at);
  text.erase(0, at + 1);
  return taken;
}

}  // namespace

MqttAddress parse_mqtt_address(const std::string& text) {
  const auto fail = [&](const std::string& why) {
    throw std::invalid_argument(fmt::format("{}: {}; {}", shown(text), why, expected));
  };
  MqttAddress address;
  address.tls = text.starts_with("mqtts://");
  if (!address.tls && !text.starts_with("mqtt://")) fail("not the address of an MQTT broker");
  if (address.tls) address.port = 8883;
  auto rest = text.substr(text.find("://") + 3);
  const auto slash = rest.find('/');
  if (slash != std::string::npos) {
    address.prefix = rest.substr(slash + 1);
    rest.erase(slash);
    while (address.prefix.ends_with('/')) address.prefix.pop_back();
    if (address.prefix.empty()) address.prefix = MqttAddress().prefix;
  }
  if (address.prefix.find_first_of("+#") != std::string::npos) fail("the topic prefix must not contain + or #");
  address.user = take_before(rest, '@');
  if (address.user.find(':') != std::string::npos)
    throw SettingError("mqtt_password_file", shown(text) + ": other users could read a password in the address");
  try {
    const auto parsed = io::parse_host_and_port(rest, address.port);
    address.host = parsed.host;
    address.port = parsed.port;
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
  return address;
}

}  // namespace onepass
