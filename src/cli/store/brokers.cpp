#include "cli/store/brokers.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/progress.hpp"

namespace onepass::cli {
namespace {

bool is_redis(const std::string& text) { return text.starts_with("redis://") || text.starts_with("rediss://"); }
bool is_kafka(const std::string& text) { return text.starts_with("kafka://"); }

std::shared_ptr<Publisher> publisher_of(const BrokerOptions& options, const std::string& flag,
                                        const std::string& address) {
  PublisherLimits limits;
  limits.warn = print_warning;
  if (!is_kafka(address)) return std::make_shared<Publisher>(redis_options(options, flag, address), limits);
  auto kafka = read_option(flag, [&] { return parse_kafka_address(address); });
  if (!options.kafka_config.empty())
    kafka.settings = read_option("--kafka-config", [&] { return read_kafka_settings(options.kafka_config); });
  return read_option(options.kafka_config.empty() ? flag : "--kafka-config",
                     [&] { return std::make_shared<Publisher>(kafka, limits); });
}

}  // namespace

std::string read_password(const std::string& file, const char* variable) {
  if (file.empty()) {
    const char* given = std::getenv(variable);
    return given ? given : "";
  }
  std::ifstream stream(file);
  std::string password;
  if (!std::getline(stream, password)) throw std::runtime_error(file + ": cannot read a password from this file");
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

void add_redis_options(CLI::App& command, BrokerOptions& options) {
  constexpr const char* group = "Services";
  command
      .add_option("--redis-password-file", options.redis_password_file,
                  "File with the password of redis://; alternatively, set ONEPASS_REDIS_PASSWORD")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--redis-ca-file", options.redis_ca_file,
                  "Trusted CA certificates for rediss:// (PEM; default: the system's)")
      ->type_name("FILE")
      ->group(group);
}

void add_broker_options(CLI::App& command, BrokerOptions& options) {
  add_redis_options(command, options);
  command
      .add_option("--kafka-config", options.kafka_config,
                  "Settings of librdkafka for kafka:// (key=value lines), such as security.protocol and sasl.password")
      ->type_name("FILE")
      ->group("Services");
}

bool has_secrets(const BrokerOptions& options) {
  return !(options.redis_password_file + options.kafka_config).empty() || std::getenv("ONEPASS_REDIS_PASSWORD");
}

bool is_broker_address(const std::string& text) { return is_redis(text) || is_kafka(text); }

RedisOptions redis_options(const BrokerOptions& options, const std::string& flag, const std::string& address) {
  RedisOptions redis;
  redis.address = read_option(flag, [&] { return parse_redis_address(address); });
  redis.password = read_option("--redis-password-file",
                               [&] { return read_password(options.redis_password_file, "ONEPASS_REDIS_PASSWORD"); });
  redis.ca_file = options.redis_ca_file;
  if (!redis.ca_file.empty() && !redis.address.tls)
    throw UsageError("--redis-ca-file requires rediss://, not redis://");
  return redis;
}

void check_brokers(const BrokerOptions& options, const std::vector<std::string>& addresses) {
  const auto refuse = [](bool given, const char* flag, const char* why) {
    if (given) throw UsageError(fmt::format("{} has no effect without {}", flag, why));
  };
  const bool uses_redis = std::ranges::any_of(addresses, is_redis);
  refuse(!uses_redis && !options.redis_password_file.empty(), "--redis-password-file", "a redis:// address");
  refuse(!uses_redis && !options.redis_ca_file.empty(), "--redis-ca-file", "a rediss:// address");
  refuse(!std::ranges::any_of(addresses, is_kafka) && !options.kafka_config.empty(), "--kafka-config",
         "a kafka:// address");
}

std::shared_ptr<Publisher> Publishers::to(const std::string& flag, const std::string& address) {
  if (address.empty()) return nullptr;
  auto& publisher = publishers_[address];
  if (!publisher) publisher = publisher_of(options_, flag, address);
  return publisher;
}

std::vector<DeliveryHealth> Publishers::health() const {
  std::vector<DeliveryHealth> result;
  for (const auto& [address, publisher] : publishers_) result.push_back(publisher->health());
  return result;
}

}  // namespace onepass::cli
