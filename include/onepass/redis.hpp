// Address and access to a Redis server, for identities shared by processes and for events.
#pragma once

#include <filesystem>
#include <string>

namespace onepass {

struct RedisAddress {
  std::string host;
  int port = 6379;
  bool tls = false;
  std::string user;  ///< empty: the server's default user
  std::string name;  ///< what to use there: a site of identities, or a stream
};

/// Parses "redis://[user@]host[:port]/name", or "rediss://..." for TLS. An address that contains a password is refused,
/// because other users of the machine could read it. Messages never contain user or password.
/// @throws std::invalid_argument naming the problem; a name has 1 to 100 letters (ASCII), digits and . _ -
/// @throws SettingError "redis_password_file" if the address contains a password.
RedisAddress parse_redis_address(const std::string& text);

/// Returns "redis://host:port/name": the address for messages, without the user.
std::string to_text(const RedisAddress& address);

struct RedisOptions {
  RedisAddress address;
  std::string password;           ///< empty: none
  std::filesystem::path ca_file;  ///< trusted certificates (PEM); empty: those of the system
};

}  // namespace onepass
