// Counts the identities of one zone.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "count/watch/line_watch.hpp"
#include "count/watch/polygon_watch.hpp"
#include "count/watch/whereabouts.hpp"
#include "onepass/zones.hpp"

namespace onepass::count {

/// What a zone knows of one identity.
struct Watch {
  LineWatch line;
  PolygonWatch polygon;
};

/// An identity that has not ended.
struct Identity {
  std::int64_t first_id = 0;  ///< id of the first of its predecessors, or its own
  Track track;                ///< when last seen
  Timestamp last_time{0};
  std::int64_t last_update = 0;  ///< number of the update in which it was last seen
  Whereabouts whereabouts;
  std::vector<Watch> watches;  ///< one per zone
};

/// One zone at work. Its events have no class name.
class ZoneTally {
 public:
  /// @param class_names of the detector; those of the zone must be among them, or numbers
  ZoneTally(Zone zone, const std::vector<std::string>& class_names);

  const Zone& zone() const { return zone_; }
  const ZoneCounts& counts() const { return counts_; }

  /// Converts the zone to pixels of this picture.
  void place(cv::Size first_picture, cv::Size picture);

  /// Takes over what a former zone has counted.
  void continue_from(const ZoneTally& former);

  /// Moves the identity to its last box; appends the event, if that makes one.
  void move(const Identity& identity, Watch& watch, bool seen_before, const Frame& now, std::vector<ZoneEvent>& events);

  /// Ends the identity.
  void end(const Identity& identity, Watch& watch, const Frame& now, std::vector<ZoneEvent>& events);

  /// Appends an event if an identity has been alone in the zone for long.
  /// @param someone an identity inside; null if there is none
  void watch_lonely(const Identity* someone, const Frame& now, std::vector<ZoneEvent>& events);

 private:
  ZoneEvent event_of(ZoneEventKind kind, const Identity& identity, const Frame& now) const;
  void cross(const Identity& identity, const Passage& passage, const Frame& now, std::vector<ZoneEvent>& events);
  void visit(const Identity& identity, const Visit& visit, const Frame& now, std::vector<ZoneEvent>& events);

  Zone zone_;
  ZoneCounts counts_;
  std::vector<int> class_ids_;                     ///< empty: all
  std::vector<cv::Point2d> pixels_;                ///< empty: the zone does not lie in the picture
  double widest_band_ = 0;                         ///< in a small polygon, the band leaves room to be clear inside
  std::array<std::set<std::int64_t>, 2> crossed_;  ///< identities counted, by direction
  std::int64_t lonely_ = 0;                        ///< first_id of the only one inside; 0: none or several are inside
  Timestamp lonely_since_{0};
};

}  // namespace onepass::count
