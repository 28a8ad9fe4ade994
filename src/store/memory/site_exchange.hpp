// One process at a site: what waits to be told, and the steps of its exchange with the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "onepass/memory_store.hpp"
#include "store/memory/site_log.hpp"

namespace onepass::store {

/// Used by one thread at a time.
class SiteExchange {
 public:
  SiteExchange(const MemoryStoreOptions& options, std::shared_ptr<Memory> memory);

  /// Connects, joins the site, and takes in what the log has. Afterwards tells what it lacks.
  /// @throws RefusedError, std::runtime_error
  void connect();

  /// One round: tells what is new in the memory, takes in what is new in the log, keeps enough ids reserved.
  /// @throws std::runtime_error if the store is away; nothing that waits is lost.
  void exchange();

  /// Collects what is new, so that the newest report of an identity waits; for the time without a store.
  void collect();

  void disconnect() { redis_.reset(); }

  /// Tells the rest, and returns unused ids.
  void leave();

  void keep_statistics(const std::string& camera, std::string bytes) { statistics_[camera] = std::move(bytes); }

  /// The bytes that keep_statistics() got, of the cameras of the options, as far as the site has them.
  const std::map<std::string, std::string>& loaded_statistics() const { return loaded_; }

  std::int64_t waiting() const { return static_cast<std::int64_t>(waiting_.size()); }
  std::int64_t told() const { return told_; }
  std::int64_t lost() const { return lost_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    track::IdentityReport report;
    Clock::time_point collected;
  };

  void load_statistics();
  std::int64_t adopt_separation();
  void send_statistics();
  void round(std::size_t most_reports);
  void take_in(const SiteNews& news);
  void supersede(const LogEntry& entry);
  void forget_old_entries();
  void take_in_joining(const LogEntry& entry);
  void tell_presence();
  std::int64_t ids_wanted();

  const MemoryStoreOptions options_;
  const SiteKeys keys_;
  const std::shared_ptr<Memory> memory_;
  const std::int64_t member_;
  std::optional<RedisConnection> redis_;
  SiteKnowledge knowledge_;
  bool has_more_ = false;
  bool catches_up_ = false;                      ///< the log is being read from its start
  std::int64_t reserve_ = 0;                     ///< size of the last range
  std::map<std::int64_t, Waiting> waiting_;      ///< the newest report of every identity that is to be told
  std::map<std::int64_t, std::string> entries_;  ///< the newest entry of every identity in the log
  std::vector<std::string> superseded_;          ///< entries to remove
  std::vector<track::Joined> joined_;            ///< to be told
  std::set<std::int64_t> erased_;
  std::map<std::string, std::string> statistics_;  ///< to be sent
  std::map<std::string, std::string> loaded_;
  Clock::time_point next_upkeep_{};
  Clock::time_point next_presence_{};
  std::int64_t server_ms_ = 0;  ///< the server's clock in the last round
  std::int64_t told_ = 0;
  std::int64_t lost_ = 0;
};

}  // namespace onepass::store
