#include "sink/counts/counts_table.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "count/zone_succession.hpp"
#include "sink/text/json_values.hpp"

namespace onepass {
namespace sink {
namespace {

/// Quotes a value for CSV where it needs it.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char letter : text) result += letter == '"' ? "\"\"" : std::string(1, letter);
  return result + "\"";
}

}  // namespace

CountsTable::CountsTable(const StreamInfo& stream, double interval_s)
    : source_(stream.source.name),
      live_(stream.source.live),
      interval_s_(interval_s),
      longest_step_s_(stream.counting.end_after_s),
      counter_(counter_of(stream)),
      zones_(counter_->zones()),
      counts_(counter_->counts()),
      sums_(zones_->size()) {}

double CountsTable::clock_s(const Frame& frame) const {
  if (!live_) return frame.time.count();
  return std::chrono::duration<double>(frame.captured.time_since_epoch()).count();
}

std::string CountsTable::start_text(double seconds) const {
  if (!live_) return fmt::format("{}", rounded(seconds, 3).get<double>());
  const std::chrono::duration<double> since_epoch(seconds);
  return utc_text(std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(since_epoch)));
}

/// @param start_s where the rows begin
void CountsTable::begin(std::int64_t interval, double start_s, double now_s) {
  interval_ = interval;
  start_s_ = start_s;
  observed_s_ = 0;
  last_s_ = now_s;
  for (std::size_t zone = 0; zone < sums_.size(); ++zone) {
    sums_[zone] = {};
    sums_[zone].before = counts_[zone];
    sums_[zone].most = counts_[zone].occupancy;
  }
}

/// Adds the time since the last frame, in which the occupancy was that after the last frame.
void CountsTable::add_time(double now_s) {
  const double step_s = std::clamp(now_s - last_s_, 0.0, longest_step_s_);
  observed_s_ += step_s;
  for (std::size_t zone = 0; zone < sums_.size(); ++zone)
    sums_[zone].occupied_s += step_s * static_cast<double>(counts_[zone].occupancy);
  last_s_ = now_s;
}

void CountsTable::add(const std::vector<ZoneEvent>& events) {
  counts_ = counter_->counts();
  for (std::size_t zone = 0; zone < sums_.size(); ++zone) {
    auto& sums = sums_[zone];
    sums.most = std::max(sums.most, counts_[zone].occupancy);
    for (const auto& event : events) {
      if (event.kind == ZoneEventKind::left && event.zone == (*zones_)[zone].name)
        sums.longest_dwell_s = std::max(sums.longest_dwell_s, event.duration_s);
    }
  }
}

std::string CountsTable::row(std::size_t zone, const std::string& interval, double observed_s) const {
  const auto& sums = sums_[zone];
  const auto& now = counts_[zone];
  const auto start = fmt::format("{},{},{}", interval, quoted(source_), quoted((*zones_)[zone].name));
  if ((*zones_)[zone].shape == ZoneShape::line)
    return fmt::format("{},{},{},{},{},,,,,,,\n", start, now.identities[0] - sums.before.identities[0],
                       now.identities[1] - sums.before.identities[1], now.passages[0] - sums.before.passages[0],
                       now.passages[1] - sums.before.passages[1]);
  const auto exits = now.exits - sums.before.exits;
  const double mean_dwell_s = exits > 0 ? (now.dwell_s - sums.before.dwell_s) / static_cast<double>(exits) : 0;
  const double mean = observed_s > 0 ? sums.occupied_s / observed_s : static_cast<double>(now.occupancy);
  return fmt::format("{},,,,,{},{},{},{:.3f},{},{},{}\n", start, now.entries - sums.before.entries, exits,
                     now.occupancy, mean, sums.most, exits > 0 ? fmt::format("{:.3f}", mean_dwell_s) : "",
                     exits > 0 ? fmt::format("{:.3f}", sums.longest_dwell_s) : "");
}

std::string CountsTable::rows(double end_s) const {
  const auto interval = start_text(start_s_) + "," + start_text(end_s);
  std::string result;
  for (std::size_t zone = 0; zone < sums_.size(); ++zone) result += row(zone, interval, observed_s_);
  return result;
}

/// Ends the rows of the former zones and begins those of the new ones. A zone that goes on does so from its last count.
std::string CountsTable::change_zones(double now_s) {
  auto over = now_s > start_s_ ? rows(now_s) : "";
  const auto former = std::exchange(zones_, counter_->zones());
  const auto former_counts = std::exchange(counts_, std::vector<ZoneCounts>(zones_->size()));
  for (std::size_t zone = 0; zone < zones_->size(); ++zone) {
    if (const auto number = count::former_of((*zones_)[zone], *former, *zones_)) counts_[zone] = former_counts[*number];
  }
  sums_.assign(zones_->size(), {});
  begin(*interval_, now_s, now_s);
  return over;
}

std::string CountsTable::update(const Frame& frame, std::span<const Track> tracks) {
  const auto& events = counter_->update(frame, tracks);
  const double now_s = clock_s(frame);
  const auto interval = static_cast<std::int64_t>(std::floor(now_s / interval_s_ + 1e-9));
  std::string over;
  const double start_s = static_cast<double>(interval) * interval_s_;
  if (!interval_) begin(interval, start_s, now_s);
  if (interval > *interval_) {
    const double end_s = static_cast<double>(*interval_ + 1) * interval_s_;
    add_time(end_s);
    over = rows(end_s);
    begin(interval, start_s, interval == *interval_ + 1 ? end_s : now_s);
  }
  add_time(now_s);
  if (counter_->zones() != zones_) over += change_zones(now_s);
  add(events);
  return over;
}

std::string CountsTable::open_interval() const { return interval_ ? rows(last_s_) : ""; }

std::string CountsTable::finish() {
  if (!interval_) return "";
  add(counter_->finish());
  return rows(last_s_);
}

}  // namespace sink

std::string counts_header() {
  return "start,end,source,zone,in,out,in_passages,out_passages,entries,exits,occupancy,occupancy_mean,occupancy_max,"
         "dwell_mean,dwell_max\n";
}

}  // namespace onepass
