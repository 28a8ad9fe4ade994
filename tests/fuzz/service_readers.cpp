// Requests to the web page, addresses, and what a Redis server answers.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "input_readers.hpp"
#include "io/base64.hpp"
#include "io/location.hpp"
#include "memory_file.hpp"
#include "onepass/mqtt.hpp"
#include "onepass/publisher.hpp"
#include "onepass/redis.hpp"
#include "onepass/web_server.hpp"
#include "onepass/zones.hpp"
#include "sink/web/http/access.hpp"
#include "sink/web/report/zone_json.hpp"
#if ONEPASS_TEST_REDIS
#include "store/memory/report_fields.hpp"
#endif

namespace onepass::test {
namespace {

/// Zones that the page accepts must be those that the file reads.
void read_page_zones(std::string_view bytes) {
  const auto given = sink::zones_from_json(std::string(bytes));
  const auto read = parse_zones(zones_text(given.zones), "");
  if (read != given.zones) std::abort();
}

/// Sends the bytes to a real server, and reads the beginning of its answer.
void ask_server(std::string_view request) {
  static const WebServer server{WebOptions{.address = {"127.0.0.1", 0}, .token = {}}};
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(server.port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  (void)!::send(client, request.data(), request.size(), MSG_NOSIGNAL);
  ::shutdown(client, SHUT_WR);
  std::array<char, 1024> answer{};
  const auto count = ::recv(client, answer.data(), answer.size(), 0);
  if (count > 0 && std::string_view(answer.data(), 9) != "HTTP/1.1 ") std::abort();
  ::close(client);
}

template <typename Parse>
void parse_or_refuse(Parse parse, const std::string& text) {
  try {
    parse(text);
  } catch (const std::invalid_argument&) {
  }
}

void read_addresses(std::string_view bytes) {
  const std::string text(bytes);
  parse_or_refuse(parse_web_address, text);
  parse_or_refuse(parse_redis_address, text);
  parse_or_refuse(parse_kafka_address, text);
  if (io::is_url(text) && !io::is_pipeline(text)) io::url_name(text);
  io::without_credentials(text);
  io::from_base64(text);
  sink::is_authorized(text, "a-token-that-is-long-enough");
  sink::is_known_host(text, {});
  parse_mqtt_address(text);
}

#if ONEPASS_TEST_REDIS
/// An entry of the log of identities: its fields and values, each after a byte for its length.
void read_log_entry(std::string_view bytes) {
  using store::RedisReply;
  RedisReply fields{RedisReply::Kind::list, {}, 0, {}};
  while (!bytes.empty()) {
    const auto length = std::min<std::size_t>(static_cast<unsigned char>(bytes.front()), bytes.size() - 1);
    fields.list.push_back({RedisReply::Kind::text, std::string(bytes.substr(1, length)), 0, {}});
    bytes.remove_prefix(1 + length);
  }
  std::string position = "0-0";
  if (!fields.list.empty()) {
    position = fields.list.front().text;
    fields.list.erase(fields.list.begin());
  }
  store::milliseconds_of(position);
  const auto entry =
      store::read_entry({RedisReply::Kind::list, {}, 0, {{RedisReply::Kind::text, position, 0, {}}, fields}});
  if (entry && entry->kind == store::LogEntry::Kind::report) store::fields_of(entry->report);
  if (entry) store::comes_before(entry->entry, "0-0");
}
#endif

}  // namespace

InputReaders service_readers() {
  return {
    {'a', read_addresses}, {'h', ask_server},
        {'o', [](std::string_view bytes) { read_kafka_settings(MemoryFile(bytes).path()); }}, {'p', read_page_zones},
#if ONEPASS_TEST_REDIS
        {'r', read_log_entry},
#endif
  };
}

}  // namespace onepass::test
