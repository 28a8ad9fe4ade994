// A connection to a Redis server: commands in, replies out.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "onepass/redis.hpp"
#include "store/redis/transport.hpp"

struct redisReader;

namespace onepass::store {

struct RedisReply {
  enum class Kind { text, number, list, nothing, error };
  Kind kind = Kind::nothing;
  std::string text;  ///< also of an error
  std::int64_t number = 0;
  std::vector<RedisReply> list;
};

using RedisCommand = std::vector<std::string>;

/// The server refuses this client, and will refuse it again: user, password, permissions.
struct RefusedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// After an error the connection must not be used again.
class RedisConnection {
 public:
  /// Connects and authenticates.
  /// @param timeout of this, and of every later exchange
  /// @throws RefusedError if user or password are wrong or missing.
  /// @throws std::runtime_error with the reason, without the address.
  RedisConnection(const RedisOptions& options, std::chrono::milliseconds timeout);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// Sends all commands at once and returns their replies, in order.
  /// @throws std::runtime_error if the connection is lost, or the replies do not come in time.
  /// @throws RefusedError if the server wants a password.
  std::vector<RedisReply> run(std::span<const RedisCommand> commands);

  /// @throws std::runtime_error if the reply is an error, too.
  RedisReply run(const RedisCommand& command);

 private:
  RedisReply read(Deadline deadline);

  const std::chrono::milliseconds timeout_;
  const std::string user_;
  Transport transport_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
};

/// @throws std::runtime_error with its text if the reply is an error; RefusedError if it is one of access.
void require_no_error(const RedisReply& reply, const std::string& user);

}  // namespace onepass::store
