// The log of identities of a site in Redis: joining it, reading it, and adding to it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "store/memory/report_fields.hpp"
#include "store/redis/redis_connection.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::store {

/// The keys of a site. The braces keep them on one node of a Redis cluster.
struct SiteKeys {
  explicit SiteKeys(const std::string& site);

  std::string site;        ///< hash: version, space, epoch (of the log), run (of the server), capacity
  std::string ids;         ///< the last id that was reserved
  std::string log;         ///< stream of reports; each replaces the previous one of its identity
  std::string erased;      ///< set of ids
  std::string present;     ///< hash: the server's time in ms by member, of processes that are at work
  std::string statistics;  ///< hash: bytes by name of the camera
  std::string separation;  ///< bytes
};

/// What a process knows of a site from an earlier connection, or brings to a new one.
struct SiteKnowledge {
  std::string space;
  std::string epoch;             ///< random name of the log, from the first join on
  std::string run;               ///< random name of the server's process
  std::string position = "0-0";  ///< the last entry that was read
  std::int64_t highest_id = 0;   ///< the largest id known to be reserved
  std::int64_t capacity = 0;     ///< identities that the site is to keep; the largest of its processes counts
  double lifetime_s = 0;         ///< entries expire after this; 0: never
};

/// The server's clock in ms.
std::int64_t server_time_ms(RedisConnection& redis);

/// Joins the site, or creates it. If the server has lost ids that this process knows to be reserved, or has been
/// restarted and may have lost some, the counter is raised above all ids that can have been given.
/// Updates the knowledge; sets its position to "0-0" if the log is another one or may have lost entries.
/// @throws RefusedError if the site has another version or embedding space.
/// @throws std::invalid_argument here and below if the server tells an impossible number; see number_in().
void join_site(RedisConnection& redis, const SiteKeys& keys, SiteKnowledge& knowledge);

/// The outcome of one exchange().
struct SiteNews {
  std::vector<LogEntry> entries;  ///< in the order of the log
  std::int64_t server_ms = 0;     ///< the server's clock
  track::IdRange reserved;        ///< new ids of this process
  bool more = false;              ///< there are more entries
};

/// What to send in one exchange.
struct SiteRequest {
  std::span<const RedisCommand> reports;  ///< fields of the entries to add
  std::vector<std::string> superseded;    ///< entries to remove
  std::int64_t ids = 0;                   ///< number of ids to reserve
};

/// Adds reports, removes the entries that they supersede, reserves ids and reads the entries after
/// knowledge.position, in one round trip. The own entries are read, too.
/// @throws std::runtime_error if the server cannot do one of these; the caller repeats them.
SiteNews exchange(RedisConnection& redis, const SiteKeys& keys, SiteKnowledge& knowledge, const SiteRequest& request);

/// Removes the entries that are older than the lifetime.
void expire_entries(RedisConnection& redis, const SiteKeys& keys, const SiteKnowledge& knowledge,
                    std::int64_t server_ms);

/// Returns ids that were not given, if no others were reserved since.
void return_ids(RedisConnection& redis, const SiteKeys& keys, track::IdRange range);

/// Tells that a member is at work, and returns those that told so in the last seconds.
std::set<std::int64_t> present_members(RedisConnection& redis, const SiteKeys& keys, std::int64_t member,
                                       std::int64_t server_ms);

/// The ids erased so far.
std::set<std::int64_t> erased_ids(RedisConnection& redis, const SiteKeys& keys);

}  // namespace onepass::store
