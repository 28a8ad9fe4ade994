#include "cli/track/counting_plan.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "core/printable.hpp"

namespace onepass::cli {

void check_counting(const CountingOptions& options, bool writes_motions) {
  if (options.zones.empty() && !options.counts.empty())
    throw UsageError("--save-counts needs --zones, a file of lines and polygons");
  if (options.counts.empty() && options.counts_interval_s != CountingOptions().counts_interval_s)
    throw UsageError("--counts-interval has no effect without --save-counts");
  if (!options.ground.empty() && !writes_motions)
    throw UsageError("--ground has no effect without --save-jsonl or --serve");
}

CountingPlan::CountingPlan(const CountingOptions& options, const std::vector<std::string>& sources,
                           ZoneStore::Missing missing)
    : sources_(sources), counters_(sources.size()) {
  std::vector<Zone> zones;
  if (!options.zones.empty()) store_ = std::make_unique<ZoneStore>(options.zones, missing);
  if (store_) zones = store_->read().zones;
  if (store_ && zones.empty() && missing == ZoneStore::Missing::error)
    print_warning(options.zones + ": has no zones; nothing is counted");
  check_cameras(zones, sources);
  if (!options.ground.empty()) check_ground_cameras(options.ground, sources);
  for (const auto& source : sources) {
    Counting counting;
    counting.zones = zones_of(source, zones);
    if (!options.ground.empty()) counting.ground = read_ground(options.ground, source);
    counting_.push_back(std::move(counting));
  }
}

StreamInfo CountingPlan::counted(std::size_t source, StreamInfo stream, double end_after_s, cv::Size picture) {
  const std::lock_guard lock(mutex_);
  stream.counting = counting_[source];
  stream.counting.end_after_s = end_after_s;
  if (!picture.empty()) check_size(stream.counting.zones, picture);
  stream = counted_once(std::move(stream));
  counters_[source] = {stream.counting.shared, stream.class_names};
  return stream;
}

void CountingPlan::check(const std::vector<Zone>& zones) const {
  try {
    check_cameras(zones, sources_);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (!counters_[i].counter.expired()) check_classes(zones_of(sources_[i], zones), counters_[i].class_names);
    }
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(error.what());
  }
}

StoredZones CountingPlan::change(const std::vector<Zone>& zones, const std::string& revision) {
  const std::lock_guard lock(mutex_);
  check(zones);
  auto stored = store_->write(zones, revision);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    counting_[i].zones = zones_of(sources_[i], stored.zones);
    if (const auto counter = counters_[i].counter.lock()) counter->board().post(counting_[i].zones);
  }
  return stored;
}

void CountingSummary::write(const Frame& frame, std::span<const Track> tracks) {
  counter_->update(frame, tracks);
  check_size_of(frame);
}

void CountingSummary::check_size_of(const Frame& frame) {
  const auto picture = frame.size.empty() ? frame.image.size() : frame.size;
  if (fits_ || picture.empty() || picture == checked_) return;
  checked_ = picture;
  const auto problem = size_problem(*counter_->zones(), picture);
  fits_ = problem.empty();
  if (!fits_) warn_(problem + "; zones in pixels count nothing until the picture contains them");
}

std::string CountingSummary::text() const {
  std::string lines;
  for (std::size_t i = 0; i < counter_->zones()->size(); ++i) {
    const auto& zone = (*counter_->zones())[i];
    const auto& counts = counter_->counts()[i];
    lines += fmt::format("  {}: ", printable(zone.name));
    if (zone.shape == ZoneShape::line) {
      lines += fmt::format("{} {}, {} {}\n", printable(zone.directions[0]), counts.identities[0],
                           printable(zone.directions[1]), counts.identities[1]);
    } else if (counts.exits == 0) {
      lines += "0 entered\n";
    } else {
      lines += fmt::format("{} entered, stayed {:.1f} s on average, {:.1f} s at most\n", counts.entries,
                           counts.dwell_s / static_cast<double>(counts.exits), counts.longest_dwell_s);
    }
  }
  return lines;
}

std::string counting_summary(const Sinks& sinks) {
  for (const auto& sink : sinks) {
    if (const auto* summary = dynamic_cast<const CountingSummary*>(sink.get())) return summary->text();
  }
  return "";
}

}  // namespace onepass::cli
