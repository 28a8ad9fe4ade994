#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "onepass/memory_store.hpp"
#include "store/memory/site_log.hpp"

namespace onepass {
namespace {

constexpr const char* page_size = "500";
constexpr std::chrono::milliseconds timeout{5000};

/// The entries of the log that contain the identity.
std::vector<std::string> entries_of(store::RedisConnection& redis, const store::SiteKeys& keys, std::int64_t id) {
  std::vector<std::string> found;
  std::string from = "-";
  while (true) {
    const auto page = redis.run(store::RedisCommand{"XRANGE", keys.log, from, "+", "COUNT", page_size}).list;
    if (page.empty()) return found;
    for (const auto& each : page) {
      const auto entry = store::read_entry(each);
      if (entry && entry->id == id && entry->kind == store::LogEntry::Kind::report) found.push_back(entry->entry);
    }
    from = "(" + page.back().list.at(0).text;
  }
}

std::int64_t erase(store::RedisConnection& redis, const store::SiteKeys& keys, std::int64_t id) {
  const auto version = redis.run(store::RedisCommand{"HGET", keys.site, "version"});
  if (version.kind != store::RedisReply::Kind::text) throw std::runtime_error("there is no such site");
  if (version.text != store::site_version)
    throw std::runtime_error(
        fmt::format("this site has version {}, this program reads version {}", version.text, store::site_version));
  redis.run(store::RedisCommand{"SADD", keys.erased, std::to_string(id)});
  store::RedisCommand tell = {"XADD", keys.log, "*"};
  std::ranges::copy(store::erasure_fields(id), std::back_inserter(tell));
  redis.run(tell);
  store::RedisCommand remove = {"XDEL", keys.log};
  std::ranges::copy(entries_of(redis, keys, id), std::back_inserter(remove));
  return remove.size() > 2 ? redis.run(remove).number : 0;
}

}  // namespace

std::int64_t erase_identity(const RedisOptions& options, std::int64_t id) {
  try {
    store::RedisConnection redis(options, timeout);
    return erase(redis, store::SiteKeys(options.address.name), id);
  } catch (const std::exception& error) {
    store::rethrow_with_address(error, to_text(options.address));
  }
}

}  // namespace onepass
