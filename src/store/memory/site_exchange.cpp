#include "store/memory/site_exchange.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "track/memory/identity_bytes.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::store {
namespace {

constexpr std::chrono::milliseconds timeout{1500};
constexpr std::chrono::seconds upkeep_interval{5};
constexpr std::chrono::seconds presence_interval{1};
constexpr std::size_t reports_a_round = 64;
constexpr std::size_t reports_a_lock = 16;  // trackers wait while these are copied
constexpr std::int64_t first_reserve = 100;
constexpr std::int64_t largest_reserve = 10'000;

/// A number that no other process has; see track::begin_sharing.
std::int64_t random_member() {
  std::random_device random;
  return static_cast<std::int64_t>((std::uint64_t{random()} << 8U) + (random() & 0xFFU)) + 1;
}

}  // namespace

SiteExchange::SiteExchange(const MemoryStoreOptions& options, std::shared_ptr<Memory> memory)
    : options_(options), keys_(options.redis.address.name), memory_(std::move(memory)), member_(random_member()) {
  const auto& config = memory_->state().config;
  knowledge_.space = options.space;
  knowledge_.capacity = config.capacity;
  knowledge_.lifetime_s = static_cast<double>(config.lifetime_s);
  track::begin_sharing(*memory_, member_);
}

void SiteExchange::connect() {
  redis_.emplace(options_.redis, timeout);
  join_site(*redis_, keys_, knowledge_);
  for (const auto id : erased_ids(*redis_, keys_)) {
    if (erased_.insert(id).second) track::erase(*memory_, id);
  }
  catches_up_ = knowledge_.position == "0-0";
  if (catches_up_) {
    entries_.clear();
    superseded_.clear();
  }
  do round(0);
  while (has_more_);
  if (!std::exchange(catches_up_, false)) return;
  std::set<std::int64_t> known;
  for (const auto& [id, entry] : entries_) known.insert(id);
  track::report_again(*memory_, known);
  load_statistics();
}

void SiteExchange::load_statistics() {
  for (const auto& camera : options_.cameras) {
    auto reply = redis_->run(RedisCommand{"HGET", keys_.statistics, camera});
    if (reply.kind == RedisReply::Kind::text) loaded_[camera] = std::move(reply.text);
  }
  adopt_separation();
}

/// Takes over the distances that the site knows, if they are better. Returns the number of their samples.
std::int64_t SiteExchange::adopt_separation() {
  const auto reply = redis_->run(RedisCommand{"GET", keys_.separation});
  if (reply.kind != RedisReply::Kind::text) return 0;
  track::ByteReader reader(reply.text);
  try {
    const auto separation = track::read_separation(reader);
    track::expect_separation(*memory_, separation);
    return separation.samples;
  } catch (const std::invalid_argument&) {  // this process learns its own
    return 0;
  }
}

void SiteExchange::collect() {
  for (const auto& ids : track::reconcile(*memory_)) {
    waiting_.erase(ids.id);
    joined_.push_back(ids);
  }
  while (true) {
    auto reports = track::take_reports(*memory_, reports_a_lock);
    const auto now = Clock::now();
    const bool is_last = reports.size() < reports_a_lock;
    for (auto& report : reports) {
      const auto id = report.identity.id;
      if (erased_.contains(id)) continue;
      waiting_.insert_or_assign(id, Waiting{std::move(report), now});
    }
    if (is_last) break;
  }
  const auto most = static_cast<std::size_t>(2 * knowledge_.capacity + 1000);
  while (waiting_.size() > most) {  // the lowest ids are the oldest identities
    waiting_.erase(waiting_.begin());
    ++lost_;
  }
}

void SiteExchange::exchange() {
  collect();
  do round(reports_a_round);
  while (has_more_ || !waiting_.empty());
  tell_presence();
  if (Clock::now() < next_upkeep_) return;
  next_upkeep_ = Clock::now() + upkeep_interval;
  send_statistics();
}

/// One round trip; what it sends stays until its replies have come.
void SiteExchange::round(std::size_t most_reports) {
  std::vector<RedisCommand> fields;
  std::vector<std::pair<std::int64_t, Clock::time_point>> sent;
  const auto now = Clock::now();
  const auto joined = most_reports > 0 ? joined_ : std::vector<track::Joined>();
  for (const auto& ids : joined) fields.push_back(joining_fields(ids, member_));
  for (const auto& [id, waiting] : waiting_) {
    if (sent.size() == most_reports) break;
    auto report = waiting.report;
    const double passed_s = std::chrono::duration<double>(now - waiting.collected).count();
    report.unseen_s += passed_s;
    report.claimed_s += passed_s;
    fields.push_back(fields_of(report));
    sent.emplace_back(id, waiting.collected);
  }
  SiteRequest request;
  request.reports = fields;
  request.superseded = superseded_;
  request.ids = ids_wanted();
  const auto news = store::exchange(*redis_, keys_, knowledge_, request);
  superseded_.clear();
  joined_.erase(joined_.begin(), joined_.begin() + static_cast<std::ptrdiff_t>(joined.size()));
  for (const auto& [id, collected] : sent) waiting_.erase(id);
  server_ms_ = news.server_ms;
  told_ += static_cast<std::int64_t>(sent.size());
  track::supply_ids(*memory_, news.reserved);
  take_in(news);
  has_more_ = news.more;
}

/// Takes in the reports of other processes, a few at a time, and notes which entries are superseded.
void SiteExchange::take_in(const SiteNews& news) {
  std::vector<track::IdentityReport> reports;
  const auto flush = [&] {
    track::take_in(*memory_, reports);
    reports.clear();
  };
  for (const auto& entry : news.entries) {
    if (entry.kind == LogEntry::Kind::erasure) {
      flush();
      erased_.insert(entry.id);
      waiting_.erase(entry.id);
      track::erase(*memory_, entry.id);
      continue;
    }
    if (entry.kind == LogEntry::Kind::joining) {
      flush();
      take_in_joining(entry);
      continue;
    }
    if (erased_.contains(entry.id)) {
      superseded_.push_back(entry.entry);
      continue;
    }
    supersede(entry);
    if (entry.report.member == member_) continue;
    auto report = entry.report;
    report.unseen_s +=
        static_cast<double>(std::max<std::int64_t>(0, news.server_ms - milliseconds_of(entry.entry))) / 1000;
    report.claimed_s += report.unseen_s - entry.report.unseen_s;
    reports.push_back(std::move(report));
    if (reports.size() == reports_a_lock) flush();
  }
  flush();
  forget_old_entries();
}

void SiteExchange::take_in_joining(const LogEntry& entry) {
  waiting_.erase(entry.id);
  track::join(*memory_, {entry.id, entry.stays});
  const auto known = entries_.find(entry.id);
  if (known == entries_.end()) return;
  if (entry.report.member == member_ || catches_up_) superseded_.push_back(known->second);
  entries_.erase(known);
}

/// Tells that this process is at work, and finds out which others are.
void SiteExchange::tell_presence() {
  if (Clock::now() < next_presence_) return;
  next_presence_ = Clock::now() + presence_interval;
  track::believe(*memory_, present_members(*redis_, keys_, member_, server_ms_));
}

/// Notes the newest entry of an identity. The previous one is removed by the process that wrote the newest one and, in
/// case that died before, by those that read the log from its start.
void SiteExchange::supersede(const LogEntry& entry) {
  auto& newest = entries_[entry.id];
  const bool is_mine = entry.report.member == member_ || catches_up_;
  if (is_mine && !newest.empty() && newest != entry.entry) superseded_.push_back(newest);
  newest = entry.entry;
}

/// Keeps entries_ bounded: the log has dropped the oldest entries, too.
void SiteExchange::forget_old_entries() {
  const auto most = static_cast<std::size_t>(4 * knowledge_.capacity + 2000);
  if (entries_.size() <= most) return;
  std::vector<std::string> all;
  for (const auto& [id, entry] : entries_) all.push_back(entry);
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle, comes_before);
  std::erase_if(entries_, [&](const auto& each) { return comes_before(each.second, *middle); });
}

/// The ranges grow with use, so that a busy process has enough for a long time without the store.
std::int64_t SiteExchange::ids_wanted() {
  const auto left = track::ids_left(*memory_);
  if (left > reserve_ / 2) return 0;
  reserve_ = std::clamp(2 * reserve_, first_reserve, largest_reserve);
  return reserve_;
}

/// Sends the statistics of the cameras and of the memory, and removes expired entries.
void SiteExchange::send_statistics() {
  for (const auto& [camera, bytes] : statistics_) redis_->run(RedisCommand{"HSET", keys_.statistics, camera, bytes});
  statistics_.clear();
  const auto known_samples = adopt_separation();
  if (const auto separation = track::separation_of(*memory_); separation.samples > known_samples) {
    track::ByteWriter writer;
    track::write(writer, separation);
    redis_->run(RedisCommand{"SET", keys_.separation, writer.bytes()});
  }
  expire_entries(*redis_, keys_, knowledge_, server_time_ms(*redis_));
}

void SiteExchange::leave() {
  if (!redis_) return;
  collect();
  do round(reports_a_round);
  while (!waiting_.empty());
  send_statistics();
  redis_->run(RedisCommand{"HDEL", keys_.present, std::to_string(member_)});
  return_ids(*redis_, keys_, track::give_ids_back(*memory_));
}

}  // namespace onepass::store
