#include "sink/web/http/access.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "io/base64.hpp"

namespace onepass {
namespace {

constexpr std::size_t shortest_token = 16;

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// Removes port and brackets from "[::1]:8080" or "door.local:8080".
std::string host_of(const std::string& text) {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  return text.substr(0, text.find(':'));
}

bool equal_in_constant_time(const std::string& given, const std::string& right) {
  unsigned difference = given.size() == right.size() ? 0 : 1;
  for (std::size_t i = 0; i < right.size(); ++i)
    difference |= static_cast<unsigned char>(right[i]) ^ static_cast<unsigned char>(i < given.size() ? given[i] : 0);
  return difference == 0;
}

}  // namespace

bool WebAddress::is_loopback() const {
  return host == "localhost" || host == "::1" || (is_ipv4(host) && host.starts_with("127."));
}

WebAddress parse_web_address(const std::string& text) {
  const auto fail = [&] {
    throw std::invalid_argument(fmt::format(
        "'{}' is not a valid address to serve on; use HOST:PORT, such as 127.0.0.1:8080, or PORT for this machine only",
        text));
  };
  WebAddress address;
  const auto colon = text.rfind(':');
  const auto port = colon == std::string::npos ? text : text.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || address.port < 0 || address.port > 65535)
    fail();
  if (colon == std::string::npos) return address;
  const auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  address.host = host.empty() ? "0.0.0.0" : bracketed ? host.substr(1, host.size() - 2) : host;
  const bool has_colon = address.host.find(':') != std::string::npos;
  const bool odd =
      std::ranges::any_of(address.host, [](unsigned char letter) { return letter <= ' ' || letter == '/'; });
  if (bracketed != has_colon || (bracketed && !is_ipv6(address.host)) || odd || address.host.empty()) fail();
  return address;
}

std::string read_web_token(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) throw std::runtime_error(path.string() + ": cannot be read");
  std::string token(4096, '\0');
  file.read(token.data(), static_cast<std::streamsize>(token.size()));
  token.resize(static_cast<std::size_t>(file.gcount()));
  token = token.substr(0, token.find_first_of("\r\n"));
  const bool visible = std::ranges::all_of(token, [](unsigned char letter) { return letter > ' ' && letter < 127; });
  if (token.size() < shortest_token || !visible)
    throw std::runtime_error(
        fmt::format("{}: a token must be one line of at least {} visible characters (try: openssl rand -hex 16 > {})",
                    path.string(), shortest_token, path.string()));
  return token;
}

bool sink::is_authorized(const std::string& authorization, const std::string& token) {
  const std::string bearer = "Bearer ";
  if (authorization.starts_with(bearer)) return equal_in_constant_time(authorization.substr(bearer.size()), token);
  const std::string basic = "Basic ";
  if (!authorization.starts_with(basic)) return false;
  const auto credentials = io::from_base64(authorization.substr(basic.size()));
  const auto colon = credentials.find(':');
  return colon != std::string::npos && equal_in_constant_time(credentials.substr(colon + 1), token);
}

bool sink::is_known_host(const std::string& host, const WebAddress& address) {
  const auto name = host_of(host);
  return name == "localhost" || name == address.host || is_ipv4(name) || is_ipv6(name);
}

bool sink::is_from_other_site(const std::string& fetch_site, const std::string& fetch_mode) {
  const bool foreign = fetch_site == "cross-site" || fetch_site == "same-site";  // another port is "same-site" too
  return foreign && fetch_mode != "navigate";
}

bool sink::may_change_from(const std::string& fetch_site, const std::string& origin, const std::string& host) {
  if (!fetch_site.empty()) return fetch_site == "same-origin";
  const auto scheme = origin.find("://");
  return origin.empty() || (scheme != std::string::npos && origin.substr(scheme + 3) == host);
}

bool sink::may_be_proxy(const std::string& client) { return client == "127.0.0.1" || client == "::1"; }

bool sink::GuessLimit::is_locked_out(const std::string& client, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = clients_.find(client);
  return found != clients_.end() && now - found->second.first < period && found->second.count >= most_guesses;
}

void sink::GuessLimit::count_wrong(const std::string& client, Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(clients_, [&](const auto& entry) { return now - entry.second.first >= period; });
  if (clients_.size() >= most_clients && !clients_.contains(client)) clients_.erase(clients_.begin());
  auto& guesses = clients_.try_emplace(client, Guesses{now}).first->second;
  ++guesses.count;
}

}  // namespace onepass
