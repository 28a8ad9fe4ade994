#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "count/line_watch.hpp"
#include "count/polygon_watch.hpp"
#include "count/whereabouts.hpp"
#include "onepass/zones.hpp"

namespace onepass {
namespace {

/// What a zone knows of one identity.
struct Watch {
  count::LineWatch line;
  count::PolygonWatch polygon;
};

struct Identity {
  std::int64_t first_id = 0;  ///< id of the first of its predecessors, or its own
  Track track;                ///< when last seen
  Timestamp last_time{0};
  std::int64_t last_update = 0;  ///< number of the update in which it was last seen
  count::Whereabouts whereabouts;
  std::vector<Watch> watches;  ///< one per zone
};

/// A zone at work.
struct Place {
  std::vector<int> class_ids;                     ///< empty: all
  std::vector<cv::Point2d> pixels;                ///< empty: the zone does not lie in the picture
  double widest_band = 0;                         ///< in a small polygon, the band leaves room to be clear inside
  std::array<std::set<std::int64_t>, 2> crossed;  ///< identities counted, by direction
  std::int64_t lonely = 0;                        ///< first_id of the only one inside; 0: none or several are inside
  Timestamp lonely_since{0};
};

bool counts(const Track& track) { return track.id > 0 && track.origin != BoxOrigin::predicted; }

/// Whether an identity that is new here has not come in over the border of the picture.
bool appears_inside(const Box& box, cv::Size picture) {
  constexpr float margin = 0.1F;  // heights
  const float border = margin * box.height;
  return box.left > border && box.right() < static_cast<float>(picture.width) - border &&
         box.bottom() < static_cast<float>(picture.height) - border;
}

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

struct ZoneCounter::State {
  std::vector<Zone> zones;
  std::vector<std::string> class_names;
  double end_after_s = 0;
  std::vector<Place> places;
  std::vector<ZoneCounts> counts;
  std::map<std::int64_t, Identity> identities;
  cv::Size first_size;  ///< of the first picture in which all zones lie; its pixels are those of the zones
  cv::Size size;
  std::int64_t updates = 0;
  Frame now;  ///< without image

  void place_zones(cv::Size picture);
  ZoneEvent event_of(ZoneEventKind kind, std::size_t zone, const Identity& identity) const;
  void cross(std::size_t zone, const Identity& identity, const count::Passage& passage, std::vector<ZoneEvent>& events);
  void visit(std::size_t zone, const Identity& identity, const count::Visit& visit, std::vector<ZoneEvent>& events);
  void move(std::size_t zone, Identity& identity, bool seen_before, std::vector<ZoneEvent>& events);
  Identity begin(const Track& track, std::span<const Track> tracks);
  void move_all(std::span<const Track> tracks, std::vector<ZoneEvent>& events);
  void end(Identity& identity, std::vector<ZoneEvent>& events);
  void end_absent(std::vector<ZoneEvent>& events);
  void watch_lonely(std::size_t zone, std::vector<ZoneEvent>& events);
  std::vector<ZoneEvent> in_order(std::vector<ZoneEvent> events) const;
};

/// Converts the zones to pixels of this picture, except those in pixels of a larger one.
void ZoneCounter::State::place_zones(cv::Size picture) {
  const bool is_live = now.captured != std::chrono::system_clock::time_point{};
  if (first_size.empty() && !is_live) check_size(zones, picture);
  if (first_size.empty() && size_problem(zones, picture).empty()) first_size = picture;
  size = picture;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (zones[i].in_pixels && first_size.empty()) continue;
    auto& place = places[i];
    place.pixels = count::in_pixels(zones[i], first_size, size);
    constexpr double share_of_width = 0.25;  // 2 * area / perimeter is the width of a long rectangle
    place.widest_band = zones[i].shape == ZoneShape::line
                            ? std::hypot(size.width, size.height)
                            : share_of_width * 2 * count::area(place.pixels) / count::perimeter(place.pixels);
  }
}

ZoneEvent ZoneCounter::State::event_of(ZoneEventKind kind, std::size_t zone, const Identity& identity) const {
  const auto& track = identity.track;
  const auto class_index = static_cast<std::size_t>(track.class_id);
  ZoneEvent event;
  event.kind = kind;
  event.zone = zones[zone].name;
  event.id = track.id;
  event.class_id = track.class_id;
  event.class_name = class_index < class_names.size() ? class_names[class_index] : "";
  event.box = track.box;
  event.time = now.time;
  event.captured = now.captured;
  return event;
}

void ZoneCounter::State::cross(std::size_t zone, const Identity& identity, const count::Passage& passage,
                               std::vector<ZoneEvent>& events) {
  const auto direction = static_cast<std::size_t>(passage.direction);
  const bool is_first = places[zone].crossed[direction].insert(identity.first_id).second;
  ++counts[zone].passages[direction];
  if (is_first) ++counts[zone].identities[direction];
  auto event = event_of(ZoneEventKind::crossed, zone, identity);
  event.direction = zones[zone].directions[direction];
  event.again = !is_first;
  event.seen = passage.seen;
  events.push_back(std::move(event));
}

void ZoneCounter::State::visit(std::size_t zone, const Identity& identity, const count::Visit& visit,
                               std::vector<ZoneEvent>& events) {
  auto& counted = counts[zone];
  auto event = event_of(visit.entered ? ZoneEventKind::entered : ZoneEventKind::left, zone, identity);
  event.seen = visit.seen;
  event.duration_s = visit.duration_s;
  counted.occupancy += visit.entered ? 1 : -1;
  ++(visit.entered ? counted.entries : counted.exits);
  counted.dwell_s += visit.duration_s;
  counted.longest_dwell_s = std::max(counted.longest_dwell_s, visit.duration_s);
  events.push_back(std::move(event));
}

void ZoneCounter::State::move(std::size_t zone, Identity& identity, bool seen_before, std::vector<ZoneEvent>& events) {
  const auto& place = places[zone];
  const auto& box = identity.track.box;
  if (place.pixels.empty()) return;
  if (!place.class_ids.empty() && std::ranges::count(place.class_ids, identity.track.class_id) == 0) return;
  const auto foot = count::foot_of(box);
  const double band = std::min(zones[zone].band * static_cast<double>(box.height), place.widest_band);
  auto& watch = identity.watches[zone];
  if (zones[zone].shape == ZoneShape::line) {
    if (const auto passage = watch.line.move(place.pixels, foot, band, seen_before))
      cross(zone, identity, *passage, events);
  } else if (const auto change = watch.polygon.move(place.pixels, foot, now.time, band, seen_before)) {
    visit(zone, identity, *change, events);
  }
}

/// A new identity. People do not appear out of nothing: if one was lost near its place inside the picture, it continues
/// that one, which the tracker gave another id.
Identity ZoneCounter::State::begin(const Track& track, std::span<const Track> tracks) {
  auto best = identities.end();
  double least = 1;
  for (auto entry = identities.begin(); entry != identities.end(); ++entry) {
    const bool is_here = std::ranges::any_of(tracks, [&](const auto& other) { return other.id == entry->first; });
    const double misfit = entry->second.whereabouts.misfit(track.box, now.time);
    if (is_here || !appears_inside(track.box, size) || entry->second.track.class_id != track.class_id ||
        misfit >= least)
      continue;
    best = entry;
    least = misfit;
  }
  Identity identity;
  identity.first_id = track.id;
  identity.watches.resize(zones.size());
  if (best == identities.end()) return identity;
  identity = std::move(best->second);
  identities.erase(best);
  return identity;
}

void ZoneCounter::State::move_all(std::span<const Track> tracks, std::vector<ZoneEvent>& events) {
  for (const auto& track : tracks) {
    if (!::onepass::counts(track)) continue;
    if (!identities.contains(track.id)) identities.emplace(track.id, begin(track, tracks));
    auto& identity = identities.at(track.id);
    const bool seen_before = identity.last_update + 1 == updates;
    identity.whereabouts.see(track.box, now.time);
    identity.track = track;
    identity.last_time = now.time;
    identity.last_update = updates;
    for (std::size_t zone = 0; zone < zones.size(); ++zone) move(zone, identity, seen_before, events);
  }
}

void ZoneCounter::State::end(Identity& identity, std::vector<ZoneEvent>& events) {
  for (std::size_t zone = 0; zone < zones.size(); ++zone) {
    if (const auto passage = identity.watches[zone].line.end()) cross(zone, identity, *passage, events);
    if (const auto change = identity.watches[zone].polygon.end()) visit(zone, identity, *change, events);
  }
}

void ZoneCounter::State::end_absent(std::vector<ZoneEvent>& events) {
  for (auto entry = identities.begin(); entry != identities.end();) {
    const bool gone = (now.time - entry->second.last_time).count() > end_after_s;
    if (gone) end(entry->second, events);
    entry = gone ? identities.erase(entry) : std::next(entry);
  }
}

void ZoneCounter::State::watch_lonely(std::size_t zone, std::vector<ZoneEvent>& events) {
  if (zones[zone].alone_s <= 0) return;
  auto& place = places[zone];
  const auto only =
      std::ranges::find_if(identities, [&](const auto& entry) { return entry.second.watches[zone].polygon.inside(); });
  const bool is_lonely = counts[zone].occupancy == 1 && only != identities.end();
  const auto lonely = is_lonely ? only->second.first_id : 0;
  if (place.lonely != lonely) {
    place.lonely = lonely;
    place.lonely_since = now.time;
    counts[zone].alone = false;
  }
  const double duration_s = (now.time - place.lonely_since).count();
  if (lonely == 0 || counts[zone].alone || duration_s < zones[zone].alone_s) return;
  counts[zone].alone = true;
  auto event = event_of(ZoneEventKind::alone, zone, only->second);
  event.duration_s = duration_s;
  events.push_back(std::move(event));
}

std::vector<ZoneEvent> ZoneCounter::State::in_order(std::vector<ZoneEvent> events) const {
  const auto number_of = [&](const ZoneEvent& event) { return std::ranges::find(zones, event.zone, &Zone::name); };
  std::ranges::stable_sort(events, [&](const auto& a, const auto& b) {
    return std::pair(number_of(a), a.id) < std::pair(number_of(b), b.id);
  });
  return events;
}

ZoneCounter::ZoneCounter(std::vector<Zone> zones, std::vector<std::string> class_names, double end_after_s)
    : state_(std::make_unique<State>()) {
  check_classes(zones, class_names);
  state_->places.resize(zones.size());
  for (std::size_t i = 0; i < zones.size(); ++i) state_->places[i].class_ids = numbers_of(zones[i], class_names);
  state_->counts.resize(zones.size());
  state_->zones = std::move(zones);
  state_->class_names = std::move(class_names);
  state_->end_after_s = end_after_s;
}

std::vector<ZoneEvent> ZoneCounter::update(const Frame& frame, std::span<const Track> tracks) {
  auto& state = *state_;
  ++state.updates;
  state.now.time = frame.time;
  state.now.captured = frame.captured;
  const auto picture = frame.size.empty() ? frame.image.size() : frame.size;
  if (!picture.empty() && picture != state.size) state.place_zones(picture);
  std::vector<ZoneEvent> events;
  state.end_absent(events);
  if (!state.size.empty()) state.move_all(tracks, events);
  for (std::size_t zone = 0; zone < state.zones.size(); ++zone) state.watch_lonely(zone, events);
  return state.in_order(std::move(events));
}

std::vector<ZoneEvent> ZoneCounter::finish() {
  std::vector<ZoneEvent> events;
  for (auto& [id, identity] : std::exchange(state_->identities, {})) state_->end(identity, events);
  for (std::size_t zone = 0; zone < state_->zones.size(); ++zone) state_->watch_lonely(zone, events);
  return state_->in_order(std::move(events));
}

const std::vector<Zone>& ZoneCounter::zones() const { return state_->zones; }
const std::vector<ZoneCounts>& ZoneCounter::counts() const { return state_->counts; }

ZoneCounter::ZoneCounter(const ZoneCounter& other) : state_(std::make_unique<State>(*other.state_)) {}
ZoneCounter::ZoneCounter(ZoneCounter&&) noexcept = default;
ZoneCounter& ZoneCounter::operator=(ZoneCounter other) noexcept {
  state_ = std::move(other.state_);
  return *this;
}
ZoneCounter::~ZoneCounter() = default;

const char* to_string(ZoneEventKind kind) {
  switch (kind) {
    case ZoneEventKind::crossed:
      return "cross";
    case ZoneEventKind::entered:
      return "enter";
    case ZoneEventKind::left:
      return "leave";
    case ZoneEventKind::alone:
      return "alone";
  }
  return "";
}

}  // namespace onepass
