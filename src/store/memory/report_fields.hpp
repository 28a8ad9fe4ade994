// Translates reports of identities to the fields of entries of a Redis stream, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/redis/redis_connection.hpp"
#include "track/memory/sharing.hpp"

namespace onepass::store {

/// Version of the keys and entries; another one cannot be read.
inline constexpr const char* site_version = "1";

/// One entry of the log of identities.
struct LogEntry {
  enum class Kind { report, erasure, joining };
  Kind kind = Kind::report;
  std::string entry;             ///< its id in the stream, "milliseconds-number"
  std::int64_t id = 0;           ///< of the identity
  std::int64_t stays = 0;        ///< of a joining: the identity that stands for both
  track::IdentityReport report;  ///< ages are relative to the time of the entry
};

/// The fields of an entry: id, by (member), seen ("in", "out"), unseen and claimed (ages in ms), look (bytes).
RedisCommand fields_of(const track::IdentityReport& report);

/// The fields of an entry that erases an identity: id, by 0, seen "erased".
RedisCommand erasure_fields(std::int64_t id);

/// The fields of an entry that joins two identities: id, by (member), seen "joined", to.
RedisCommand joining_fields(const track::Joined& ids, std::int64_t member);

/// Reads a number that the server tells: a time, a counter, an id or a capacity.
/// @throws std::invalid_argument unless it is from 0 to 2^53, so that it can be computed with, and is exact in JSON.
std::int64_t number_in(std::string_view text);
std::int64_t number_in(const RedisReply& reply);

/// Reads an entry of XRANGE or XREAD. Returns nullopt for one that no onepass of this version writes.
std::optional<LogEntry> read_entry(const RedisReply& reply);

/// Milliseconds since the epoch on the server's clock, from the id of an entry; 0 if it has none.
std::int64_t milliseconds_of(const std::string& entry);

/// Orders the ids of entries.
bool comes_before(const std::string& entry, const std::string& other);

}  // namespace onepass::store
