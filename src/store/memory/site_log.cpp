#include "store/memory/site_log.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace onepass::store {
namespace {

/// Joins or creates a site. KEYS: site, ids. ARGV: version, space, epoch, highest id, now in ms, run of the server,
/// capacity. Returns version, space, epoch, capacity and counter.
///
/// After a restart, reservations of the last moments may be lost even with a log on disk (appendfsync everysec): the
/// counter skips 100,000 ids. If ids are lost for sure, it continues at the time in ms, which no counter has reached.
constexpr const char* join_script = R"(
local held = redis.call('HMGET', KEYS[1], 'version', 'space', 'epoch', 'run', 'capacity')
if held[1] and (held[1] ~= ARGV[1] or held[2] ~= ARGV[2]) then
  return {held[1], held[2], '', '0', '0'}
end
local counter = tonumber(redis.call('GET', KEYS[2]) or '0')
local highest = tonumber(ARGV[4])
local raised = counter
if counter < highest then
  raised = math.max(highest, tonumber(ARGV[5]))
elseif held[4] and held[4] ~= ARGV[6] and counter > 0 then
  raised = counter + 100000
end
redis.call('SET', KEYS[2], string.format('%.0f', raised))
local epoch = held[3] or ARGV[3]
local capacity = math.max(tonumber(held[5] or '0'), tonumber(ARGV[7]))
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'space', ARGV[2], 'epoch', epoch, 'run', ARGV[6],
           'capacity', string.format('%.0f', capacity))
return {ARGV[1], ARGV[2], epoch, string.format('%.0f', capacity), string.format('%.0f', raised)}
)";

/// KEYS: ids. ARGV: first and last id of the range.
constexpr const char* return_script = R"(
if redis.call('GET', KEYS[1]) == ARGV[2] then
  redis.call('SET', KEYS[1], string.format('%.0f', tonumber(ARGV[1]) - 1))
end
return 1
)";

constexpr std::size_t most_entries = 256;  // read at once

/// The random name of the server's process; it changes with every restart.
std::string run_of_server(RedisConnection& redis) {
  std::istringstream lines(redis.run(RedisCommand{"INFO", "server"}).text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("run_id:")) continue;
    line.erase(0, 7);
    while (line.ends_with('\r')) line.pop_back();
    return line;
  }
  return "unknown";
}

std::int64_t milliseconds_in(const RedisReply& time) {
  return 1000 * number_in(time.list.at(0)) + number_in(time.list.at(1)) / 1000;  // less than 2^63
}

std::string new_epoch() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// Room for an entry of every identity, and for those that processes have not yet removed.
std::int64_t longest_log(const SiteKnowledge& knowledge) { return 2 * knowledge.capacity + 1000; }

}  // namespace

std::int64_t server_time_ms(RedisConnection& redis) { return milliseconds_in(redis.run(RedisCommand{"TIME"})); }

SiteKeys::SiteKeys(const std::string& name) {
  const auto key = [&name](const char* what) { return fmt::format("onepass:{{{}}}:{}", name, what); };
  site = key("site");
  ids = key("ids");
  log = key("log");
  erased = key("erased");
  present = key("present");
  statistics = key("statistics");
  separation = key("separation");
}

void join_site(RedisConnection& redis, const SiteKeys& keys, SiteKnowledge& knowledge) {
  const auto run = run_of_server(redis);
  const auto reply =
      redis.run(RedisCommand{"EVAL", join_script, "2", keys.site, keys.ids, site_version, knowledge.space, new_epoch(),
                             std::to_string(knowledge.highest_id), std::to_string(server_time_ms(redis)), run,
                             std::to_string(knowledge.capacity)});
  const auto& held = reply.list;
  if (held.at(0).text != site_version)
    throw RefusedError(fmt::format("this site has version {}, this program reads version {}; use another name",
                                   held[0].text, site_version));
  if (held.at(1).text != knowledge.space)
    throw RefusedError(fmt::format("this site has embeddings of another kind: {}; those of this run are {}",
                                   held[1].text, knowledge.space));
  if (held.at(2).text != knowledge.epoch || run != knowledge.run) knowledge.position = "0-0";
  knowledge.epoch = held[2].text;
  knowledge.run = run;
  knowledge.capacity = number_in(held.at(3));
  knowledge.highest_id = std::max(knowledge.highest_id, number_in(held.at(4)));
}

SiteNews exchange(RedisConnection& redis, const SiteKeys& keys, SiteKnowledge& knowledge, const SiteRequest& request) {
  std::vector<RedisCommand> commands;
  const auto longest = std::to_string(longest_log(knowledge));
  for (const auto& fields : request.reports) {
    RedisCommand command = {"XADD", keys.log, "MAXLEN", "~", longest, "*"};
    command.insert(command.end(), fields.begin(), fields.end());
    commands.push_back(std::move(command));
  }
  if (!request.superseded.empty()) {
    RedisCommand command = {"XDEL", keys.log};
    command.insert(command.end(), request.superseded.begin(), request.superseded.end());
    commands.push_back(std::move(command));
  }
  if (request.ids > 0) commands.push_back({"INCRBY", keys.ids, std::to_string(request.ids)});
  commands.push_back({"GET", keys.ids});
  commands.push_back({"TIME"});
  commands.push_back({"XREAD", "COUNT", std::to_string(most_entries), "STREAMS", keys.log, knowledge.position});
  const auto replies = redis.run(commands);
  for (const auto& reply : replies) require_no_error(reply, "");

  SiteNews news;
  auto reply = replies.end();
  const auto& read = *--reply;
  news.server_ms = milliseconds_in(*--reply);
  const auto& counter = *--reply;
  if (counter.kind == RedisReply::Kind::nothing) throw std::runtime_error("the server has lost its data");
  knowledge.highest_id = std::max(knowledge.highest_id, number_in(counter));
  if (request.ids > 0) {
    const auto last = number_in(*--reply);
    if (last < request.ids) throw std::runtime_error("the server has lost its data");
    news.reserved = {last - request.ids + 1, last + 1};
    knowledge.highest_id = std::max(knowledge.highest_id, last);
  }
  if (read.kind != RedisReply::Kind::list) return news;  // nothing new
  const auto& entries = read.list.at(0).list.at(1).list;
  for (const auto& each : entries) {
    if (auto entry = read_entry(each)) news.entries.push_back(std::move(*entry));
    knowledge.position = each.list.at(0).text;
  }
  news.more = entries.size() == most_entries;
  return news;
}

void expire_entries(RedisConnection& redis, const SiteKeys& keys, const SiteKnowledge& knowledge,
                    std::int64_t server_ms) {
  if (knowledge.lifetime_s <= 0) return;
  const auto oldest = server_ms - std::llround(1000 * knowledge.lifetime_s);
  if (oldest > 0) redis.run(RedisCommand{"XTRIM", keys.log, "MINID", std::to_string(oldest)});
}

void return_ids(RedisConnection& redis, const SiteKeys& keys, track::IdRange range) {
  if (range.size() <= 0) return;
  redis.run(
      RedisCommand{"EVAL", return_script, "1", keys.ids, std::to_string(range.begin), std::to_string(range.end - 1)});
}

std::set<std::int64_t> present_members(RedisConnection& redis, const SiteKeys& keys, std::int64_t member,
                                       std::int64_t server_ms) {
  constexpr std::int64_t absent_after_ms = 4'000;
  constexpr std::int64_t forgotten_after_ms = 3'600'000;
  const std::vector<RedisCommand> commands = {{"HSET", keys.present, std::to_string(member), std::to_string(server_ms)},
                                              {"HGETALL", keys.present}};
  const auto replies = redis.run(commands);
  for (const auto& reply : replies) require_no_error(reply, "");
  std::set<std::int64_t> members;
  const auto& fields = replies.back().list;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const auto age_ms = server_ms - number_in(fields[i + 1]);
    if (age_ms < absent_after_ms) members.insert(number_in(fields[i]));
    if (age_ms > forgotten_after_ms) redis.run(RedisCommand{"HDEL", keys.present, fields[i].text});
  }
  return members;
}

std::set<std::int64_t> erased_ids(RedisConnection& redis, const SiteKeys& keys) {
  std::set<std::int64_t> ids;
  for (const auto& member : redis.run(RedisCommand{"SMEMBERS", keys.erased}).list) ids.insert(number_in(member));
  return ids;
}

}  // namespace onepass::store
