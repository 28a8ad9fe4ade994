#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "io/location.hpp"
#include "onepass/redis.hpp"
#include "onepass/setting_error.hpp"

namespace onepass {
namespace {

/// Returns the address without user and password, for messages.
std::string shown(const std::string& text) {
  const auto at = text.rfind('@');
  const auto scheme = text.find("://");
  if (at == std::string::npos) return text;
  return (scheme == std::string::npos ? "" : text.substr(0, scheme + 3)) + "...@" + text.substr(at + 1);
}

bool is_name(const std::string& name) {
  constexpr std::size_t longest = 100;
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-';
  });
}

}  // namespace

RedisAddress parse_redis_address(const std::string& text) {
  const auto fail = [&](const std::string& why) {
    throw std::invalid_argument(
        fmt::format("{}: {}; write redis://[user@]host[:port]/name, or rediss:// for TLS", shown(text), why));
  };
  RedisAddress address;
  address.tls = text.starts_with("rediss://");
  if (!address.tls && !text.starts_with("redis://")) fail("not the address of a Redis server");
  auto rest = text.substr(text.find("://") + 3);
  if (const auto at = rest.rfind('@'); at != std::string::npos) {
    address.user = rest.substr(0, at);
    rest.erase(0, at + 1);
    if (address.user.find(':') != std::string::npos)
      throw SettingError("redis_password_file", shown(text) + ": other users could read a password in the address");
  }
  const auto slash = rest.find('/');
  if (slash == std::string::npos) fail("the name after the host is missing");
  address.name = rest.substr(slash + 1);
  rest.erase(slash);
  if (!is_name(address.name)) fail("a name has 1 to 100 letters, digits and . _ -");
  try {
    const auto parsed = io::parse_host_and_port(rest, address.port);
    address.host = parsed.host;
    address.port = parsed.port;
  } catch (const std::invalid_argument& error) {
    fail(error.what());
  }
  return address;
}

std::string to_text(const RedisAddress& address) {
  const auto host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
  return fmt::format("{}://{}:{}/{}", address.tls ? "rediss" : "redis", host, address.port, address.name);
}

}  // namespace onepass
