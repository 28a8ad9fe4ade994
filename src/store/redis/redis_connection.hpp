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

/// Throws the error again with the address before its message. A TemporaryError stays one; all others become a
/// std::runtime_error.
[[noreturn]] void rethrow_with_address(const std::exception& error, const std::string& address);

/// After an error the connection must not be used again.
class RedisConnection {
 public:
  /// Connects and authenticates.
  /// @param timeout of this, and of every later exchange
  /// @throws RefusedError if user or password are wrong or missing.
  /// @throws TemporaryError if the server cannot be reached or does not answer in time.
  /// @throws std::runtime_error for other reasons. No message has the address.
  RedisConnection(const RedisOptions& options, std::chrono::milliseconds timeout);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  /// Sends all commands at once and returns their replies, in order.
  /// @throws TemporaryError if the connection is lost, or the replies do not come in time.
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

/// @throws std::runtime_error with its text if the reply is an error; RefusedError if it is one of access;
///         TemporaryError if the server is not ready.
void require_no_error(const RedisReply& reply, const std::string& user);

}  // namespace onepass::store
