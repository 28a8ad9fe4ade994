#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "onepass/publisher.hpp"
#include "onepass/setting_error.hpp"

namespace onepass {
namespace {

bool is_topic(const std::string& name) {
  constexpr std::size_t longest = 249;  // limit of Kafka
  return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
         std::ranges::all_of(name, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
         });
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

}  // namespace

KafkaOptions parse_kafka_address(const std::string& text) {
  constexpr std::string_view scheme = "kafka://";
  if (text.find('@') != std::string::npos)
    throw SettingError("kafka_config", "kafka://...: user and password do not belong in the address");
  const auto fail = [&](const char* why) {
    throw std::invalid_argument(fmt::format("{}: {}; write kafka://host[:port][,host[:port]...]/topic", text, why));
  };
  if (!text.starts_with(scheme)) fail("not the address of Kafka");
  const auto rest = text.substr(scheme.size());
  const auto slash = rest.find('/');
  if (slash == std::string::npos) fail("the topic is missing");
  KafkaOptions options;
  options.brokers = rest.substr(0, slash);
  options.topic = rest.substr(slash + 1);
  if (!is_topic(options.topic)) fail("a topic has 1 to 249 letters, digits and . _ -");
  if (options.brokers.empty() || std::ranges::any_of(options.brokers, [](unsigned char c) { return c <= ' '; }))
    fail("the host is missing or invalid");
  return options;
}

std::map<std::string, std::string> read_kafka_settings(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path))
    throw std::runtime_error(path.string() + ": cannot read these settings");
  std::map<std::string, std::string> settings;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    line = trimmed(line);
    if (line.empty() || line.starts_with('#')) continue;
    const auto equals = line.find('=');
    const auto key = trimmed(line.substr(0, equals));
    if (equals == std::string::npos || key.empty())
      throw std::runtime_error(fmt::format("{}:{}: expected key=value", path.string(), number));
    settings[key] = trimmed(line.substr(equals + 1));
  }
  return settings;
}

}  // namespace onepass
