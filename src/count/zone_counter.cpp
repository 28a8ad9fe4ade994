#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "count/watch/zone_tally.hpp"
#include "count/zone_succession.hpp"
#include "onepass/zones.hpp"

namespace onepass {
namespace {

using count::Identity;
using count::ZoneTally;

bool is_counted(const Track& track) { return track.id > 0 && track.origin != BoxOrigin::predicted; }

/// Whether an identity that is new here has not come in over the border of the picture.
bool appears_inside(const Box& box, cv::Size picture) {
  constexpr float margin = 0.1F;  // heights
  const float border = margin * box.height;
  return box.left > border && box.right() < static_cast<float>(picture.width) - border &&
         box.bottom() < static_cast<float>(picture.height) - border;
}

/// What the changed zone knows of an identity. A line that was moved knows nothing: it has crossed nobody.
count::Watch continued(const count::Watch& watch, const Zone& former, const Zone& zone) {
  const bool forgets = zone.shape == ZoneShape::line && !count::have_same_place(former, zone);
  return forgets ? count::Watch() : watch;
}

}  // namespace

struct ZoneCounter::State {
  std::vector<Zone> zones;
  std::vector<ZoneCounts> counts;
  std::vector<ZoneTally> tallies;  ///< one per zone
  std::vector<std::string> class_names;
  double end_after_s = 0;
  std::map<std::int64_t, Identity> identities;
  cv::Size first_size;  ///< of the first picture in which all zones lie; its pixels are those of the zones
  cv::Size size;
  std::int64_t updates = 0;
  Frame now;  ///< without image

  void set_zones(std::vector<Zone> given);
  void place_zones();
  void see_picture(cv::Size picture);
  Identity begin(const Track& track, std::span<const Track> tracks);
  void move_all(std::span<const Track> tracks, std::vector<ZoneEvent>& events);
  void end(Identity& identity, std::vector<ZoneEvent>& events);
  void end_absent(std::vector<ZoneEvent>& events);
  void watch_lonely(std::size_t zone, std::vector<ZoneEvent>& events);
  std::vector<ZoneEvent> completed(std::vector<ZoneEvent> events);
};

void ZoneCounter::State::set_zones(std::vector<Zone> given) {
  const auto former = std::exchange(zones, std::move(given));
  const auto former_tallies = std::exchange(tallies, {});
  std::vector<std::optional<std::size_t>> origins;
  for (const auto& zone : zones) {
    origins.push_back(count::former_of(zone, former, zones));
    tallies.emplace_back(zone, class_names);
    if (origins.back()) tallies.back().continue_from(former_tallies[*origins.back()]);
  }
  for (auto& [id, identity] : identities) {
    const auto watches = std::exchange(identity.watches, std::vector<count::Watch>(zones.size()));
    for (std::size_t i = 0; i < zones.size(); ++i) {
      if (origins[i]) identity.watches[i] = continued(watches[*origins[i]], former[*origins[i]], zones[i]);
    }
  }
  counts.clear();
  for (const auto& tally : tallies) counts.push_back(tally.counts());
  if (!size.empty()) place_zones();
}

/// Converts the zones to pixels of the picture, except those in pixels of a larger one.
void ZoneCounter::State::place_zones() {
  for (auto& tally : tallies) {
    if (!tally.zone().in_pixels || !first_size.empty()) tally.place(first_size, size);
  }
}

void ZoneCounter::State::see_picture(cv::Size picture) {
  if (picture.empty() || picture == size) return;
  const bool is_live = now.captured != std::chrono::system_clock::time_point{};
  if (first_size.empty() && !is_live) check_size(zones, picture);
  if (first_size.empty() && size_problem(zones, picture).empty()) first_size = picture;
  size = picture;
  place_zones();
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
    if (!is_counted(track)) continue;
    if (!identities.contains(track.id)) identities.emplace(track.id, begin(track, tracks));
    auto& identity = identities.at(track.id);
    const bool seen_before = identity.last_update + 1 == updates;
    identity.whereabouts.see(track.box, now.time);
    identity.track = track;
    identity.last_time = now.time;
    identity.last_update = updates;
    for (std::size_t i = 0; i < tallies.size(); ++i)
      tallies[i].move(identity, identity.watches[i], seen_before, now, events);
  }
}

void ZoneCounter::State::end(Identity& identity, std::vector<ZoneEvent>& events) {
  for (std::size_t i = 0; i < tallies.size(); ++i) tallies[i].end(identity, identity.watches[i], now, events);
}

void ZoneCounter::State::end_absent(std::vector<ZoneEvent>& events) {
  for (auto entry = identities.begin(); entry != identities.end();) {
    const bool gone = (now.time - entry->second.last_time).count() > end_after_s;
    if (gone) end(entry->second, events);
    entry = gone ? identities.erase(entry) : std::next(entry);
  }
}

void ZoneCounter::State::watch_lonely(std::size_t zone, std::vector<ZoneEvent>& events) {
  const auto inside =
      std::ranges::find_if(identities, [&](const auto& entry) { return entry.second.watches[zone].polygon.inside(); });
  tallies[zone].watch_lonely(inside == identities.end() ? nullptr : &inside->second, now, events);
}

/// The events of a frame in their order, with the names of their classes. Publishes the counts.
std::vector<ZoneEvent> ZoneCounter::State::completed(std::vector<ZoneEvent> events) {
  const auto number_of = [&](const ZoneEvent& event) { return std::ranges::find(zones, event.zone, &Zone::name); };
  std::ranges::stable_sort(events, [&](const auto& a, const auto& b) {
    return std::pair(number_of(a), a.id) < std::pair(number_of(b), b.id);
  });
  for (auto& event : events) {
    const auto index = static_cast<std::size_t>(event.class_id);
    if (index < class_names.size()) event.class_name = class_names[index];
  }
  for (std::size_t i = 0; i < tallies.size(); ++i) counts[i] = tallies[i].counts();
  return events;
}

ZoneCounter::ZoneCounter(std::vector<Zone> zones, std::vector<std::string> class_names, double end_after_s)
    : state_(std::make_unique<State>()) {
  check_classes(zones, class_names);
  state_->class_names = std::move(class_names);
  state_->end_after_s = end_after_s;
  state_->set_zones(std::move(zones));
}

void ZoneCounter::change_zones(std::vector<Zone> zones) {
  check_classes(zones, state_->class_names);
  state_->set_zones(std::move(zones));
}

std::vector<ZoneEvent> ZoneCounter::update(const Frame& frame, std::span<const Track> tracks) {
  auto& state = *state_;
  ++state.updates;
  state.now.time = frame.time;
  state.now.captured = frame.captured;
  state.see_picture(frame.size.empty() ? frame.image.size() : frame.size);
  std::vector<ZoneEvent> events;
  state.end_absent(events);
  if (!state.size.empty() && !state.zones.empty()) state.move_all(tracks, events);
  for (std::size_t zone = 0; zone < state.zones.size(); ++zone) state.watch_lonely(zone, events);
  return state.completed(std::move(events));
}

std::vector<ZoneEvent> ZoneCounter::finish() {
  std::vector<ZoneEvent> events;
  for (auto& [id, identity] : std::exchange(state_->identities, {})) state_->end(identity, events);
  for (std::size_t zone = 0; zone < state_->zones.size(); ++zone) state_->watch_lonely(zone, events);
  return state_->completed(std::move(events));
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
