#include "store/memory/report_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "track/memory/identity_bytes.hpp"

namespace onepass::store {
namespace {

std::string milliseconds_text(double seconds) {
  constexpr double longest_s = 1e9;
  return std::to_string(std::llround(1000 * std::clamp(seconds, 0.0, longest_s)));
}

std::pair<std::int64_t, std::int64_t> order_of(const std::string& entry) {
  const auto dash = entry.find('-');
  if (dash == std::string::npos) return {0, 0};
  const std::string_view text(entry);
  return {number_in(text.substr(0, dash)), number_in(text.substr(dash + 1))};
}

track::RememberedIdentity identity_in(const std::string& bytes, std::int64_t id) {
  track::ByteReader reader(bytes);
  const auto length = reader.count_from(1);
  auto identity = track::read_identity(reader, length);
  track::ByteReader::require(reader.at_end() && identity.id == id);
  return identity;
}

LogEntry entry_in(const RedisReply& reply) {
  LogEntry entry;
  entry.entry = reply.list.at(0).text;
  std::map<std::string_view, const std::string*> fields;
  const auto& words = reply.list.at(1).list;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) fields[words[i].text] = &words[i + 1].text;
  entry.id = number_in(*fields.at("id"));
  const auto& seen = *fields.at("seen");
  entry.report.member = number_in(*fields.at("by"));
  if (seen == "erased") {
    entry.kind = LogEntry::Kind::erasure;
    return entry;
  }
  if (seen == "joined") {
    entry.kind = LogEntry::Kind::joining;
    entry.stays = number_in(*fields.at("to"));
    return entry;
  }
  entry.report.in_sight = seen == "in";
  entry.report.unseen_s = static_cast<double>(number_in(*fields.at("unseen"))) / 1000;
  entry.report.claimed_s = static_cast<double>(number_in(*fields.at("claimed"))) / 1000;
  entry.report.identity = identity_in(*fields.at("look"), entry.id);
  return entry;
}

}  // namespace

std::int64_t number_in(std::string_view text) {
  constexpr std::int64_t largest = std::int64_t{1} << 53;
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || value < 0 || value > largest)
    throw std::invalid_argument(
        fmt::format("the server tells an impossible number, '{}', where 0 to 2^53 is possible", printable(text)));
  return value;
}

std::int64_t number_in(const RedisReply& reply) {
  return number_in(reply.kind == RedisReply::Kind::number ? std::to_string(reply.number) : reply.text);
}

RedisCommand fields_of(const track::IdentityReport& report) {
  track::ByteWriter writer;
  writer.number(static_cast<std::int64_t>(report.identity.views.front().mean.values.size()));
  auto identity = report.identity;
  identity.last_seen_s = 0;  // the ages tell it
  track::write(writer, identity);
  return {"id",      std::to_string(identity.id),         "by",     std::to_string(report.member),
          "seen",    report.in_sight ? "in" : "out",      "unseen", milliseconds_text(report.unseen_s),
          "claimed", milliseconds_text(report.claimed_s), "look",   writer.bytes()};
}

RedisCommand erasure_fields(std::int64_t id) { return {"id", std::to_string(id), "by", "0", "seen", "erased"}; }

RedisCommand joining_fields(const track::Joined& ids, std::int64_t member) {
  return {"id", std::to_string(ids.id),   "by", std::to_string(member), "seen", "joined",
          "to", std::to_string(ids.stays)};
}

std::optional<LogEntry> read_entry(const RedisReply& reply) {
  try {
    return entry_in(reply);
  } catch (const std::logic_error&) {  // a field is missing, or its value is out of range
    return std::nullopt;
  }
}

std::int64_t milliseconds_of(const std::string& entry) {
  try {
    return order_of(entry).first;
  } catch (const std::invalid_argument&) {
    return 0;
  }
}

bool comes_before(const std::string& entry, const std::string& other) { return order_of(entry) < order_of(other); }

}  // namespace onepass::store
