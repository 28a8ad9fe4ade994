#include "count/watch/zone_tally.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace onepass::count {
namespace {

std::vector<int> numbers_of(const Zone& zone, const std::vector<std::string>& class_names) {
  std::vector<int> result;
  for (const auto& name : zone.classes) {
    const auto found = std::ranges::find(class_names, name);
    const auto index = static_cast<int>(found - class_names.begin());
    result.push_back(found != class_names.end() ? index : std::stoi(name));
  }
  return result;
}

}  // namespace

ZoneTally::ZoneTally(Zone zone, const std::vector<std::string>& class_names)
    : zone_(std::move(zone)), class_ids_(numbers_of(zone_, class_names)) {}

void ZoneTally::place(cv::Size first_picture, cv::Size picture) {
  pixels_ = in_pixels(zone_, first_picture, picture);
  constexpr double share_of_width = 0.25;  // 2 * area / perimeter is the width of a long rectangle
  widest_band_ = zone_.shape == ZoneShape::line ? std::hypot(picture.width, picture.height)
                                                : share_of_width * 2 * area(pixels_) / perimeter(pixels_);
}

void ZoneTally::continue_from(const ZoneTally& former) {
  counts_ = former.counts_;
  crossed_ = former.crossed_;
  lonely_ = former.lonely_;
  lonely_since_ = former.lonely_since_;
}

ZoneEvent ZoneTally::event_of(ZoneEventKind kind, const Identity& identity, const Frame& now) const {
  const auto& track = identity.track;
  ZoneEvent event;
  event.kind = kind;
  event.zone = zone_.name;
  event.id = track.id;
  event.class_id = track.class_id;
  event.box = track.box;
  event.time = now.time;
  event.captured = now.captured;
  return event;
}

void ZoneTally::cross(const Identity& identity, const Passage& passage, const Frame& now,
                      std::vector<ZoneEvent>& events) {
  const auto direction = static_cast<std::size_t>(passage.direction);
  const bool is_first = crossed_[direction].insert(identity.first_id).second;
  ++counts_.passages[direction];
  if (is_first) ++counts_.identities[direction];
  auto event = event_of(ZoneEventKind::crossed, identity, now);
  event.direction = zone_.directions[direction];
  event.again = !is_first;
  event.seen = passage.seen;
  events.push_back(std::move(event));
}

void ZoneTally::visit(const Identity& identity, const Visit& visit, const Frame& now, std::vector<ZoneEvent>& events) {
  auto event = event_of(visit.entered ? ZoneEventKind::entered : ZoneEventKind::left, identity, now);
  event.seen = visit.seen;
  event.duration_s = visit.duration_s;
  counts_.occupancy += visit.entered ? 1 : -1;
  ++(visit.entered ? counts_.entries : counts_.exits);
  counts_.dwell_s += visit.duration_s;
  counts_.longest_dwell_s = std::max(counts_.longest_dwell_s, visit.duration_s);
  events.push_back(std::move(event));
}

void ZoneTally::move(const Identity& identity, Watch& watch, bool seen_before, const Frame& now,
                     std::vector<ZoneEvent>& events) {
  const auto& box = identity.track.box;
  if (pixels_.empty()) return;
  if (!class_ids_.empty() && std::ranges::count(class_ids_, identity.track.class_id) == 0) return;
  const auto foot = foot_of(box);
  const double band = std::min(zone_.band * static_cast<double>(box.height), widest_band_);
  if (zone_.shape == ZoneShape::line) {
    if (const auto passage = watch.line.move(pixels_, foot, band, seen_before)) cross(identity, *passage, now, events);
  } else if (const auto change = watch.polygon.move(pixels_, foot, now.time, band, seen_before)) {
    visit(identity, *change, now, events);
  }
}

void ZoneTally::end(const Identity& identity, Watch& watch, const Frame& now, std::vector<ZoneEvent>& events) {
  if (const auto passage = watch.line.end()) cross(identity, *passage, now, events);
  if (const auto change = watch.polygon.end()) visit(identity, *change, now, events);
}

void ZoneTally::watch_lonely(const Identity* someone, const Frame& now, std::vector<ZoneEvent>& events) {
  if (zone_.alone_s <= 0) return;
  const auto lonely = counts_.occupancy == 1 && someone ? someone->first_id : 0;
  if (lonely_ != lonely) {
    lonely_ = lonely;
    lonely_since_ = now.time;
    counts_.alone = false;
  }
  const double duration_s = (now.time - lonely_since_).count();
  if (lonely == 0 || counts_.alone || duration_s < zone_.alone_s) return;
  counts_.alone = true;
  auto event = event_of(ZoneEventKind::alone, *someone, now);
  event.duration_s = duration_s;
  events.push_back(std::move(event));
}

}  // namespace onepass::count
