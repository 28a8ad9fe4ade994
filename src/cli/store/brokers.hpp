// Redis and Kafka on the command line: addresses in place of files, and what is needed to use them.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/errors.hpp"
#include "onepass/publisher.hpp"
#include "onepass/redis.hpp"

namespace onepass::cli {

/// Calls `read` and converts its exception to a UsageError that names the option.
template <typename Read>
auto read_option(const std::string& name, Read read) {
  try {
    return read();
  } catch (const std::exception& error) {
    throw UsageError(name + ": " + message_of(error));
  }
}

/// Returns the first line of the file or, without a file, the environment variable; "" without both.
/// @throws std::runtime_error naming the file if it cannot be read.
std::string read_password(const std::string& file, const char* variable);

struct BrokerOptions {
  std::string redis_password_file;
  std::string redis_ca_file;
  std::string kafka_config;
};

/// Adds --redis-password-file, --redis-ca-file and --kafka-config.
void add_broker_options(CLI::App& command, BrokerOptions& options);

/// Adds the options that concern Redis alone.
void add_redis_options(CLI::App& command, BrokerOptions& options);

/// Whether a password was given, in a file or the environment.
bool has_secrets(const BrokerOptions& options);

/// True for redis://, rediss:// and kafka://.
bool is_broker_address(const std::string& text);

/// The options of a Redis address.
/// @param flag that was given the address, for messages
/// @throws UsageError for an address or a password file that cannot be used.
RedisOptions redis_options(const BrokerOptions& options, const std::string& flag, const std::string& address);

/// @param addresses those that were given
/// @throws UsageError for options that have no effect.
void check_brokers(const BrokerOptions& options, const std::vector<std::string>& addresses);

/// The publishers of a run, one per address.
class Publishers {
 public:
  explicit Publishers(BrokerOptions options) : options_(std::move(options)) {}

  /// The publisher of this address; nullptr for an empty one.
  /// @throws UsageError for an address or a file that cannot be used.
  std::shared_ptr<Publisher> to(const std::string& flag, const std::string& address);

  std::vector<DeliveryHealth> health() const;

 private:
  BrokerOptions options_;
  std::map<std::string, std::shared_ptr<Publisher>> publishers_;
};

}  // namespace onepass::cli
