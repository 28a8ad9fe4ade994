// Counts identities: how many cross a line, who is inside a polygon and for how long.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

#include "onepass/types.hpp"

namespace onepass {

enum class ZoneShape { line, polygon };

/// A named line or polygon in the picture of a camera.
struct Zone {
  std::string name;
  ZoneShape shape = ZoneShape::line;
  std::vector<cv::Point2d> points;   ///< a line has two or more, a polygon three or more and is closed
  bool in_pixels = false;            ///< otherwise, points are shares of the width and the height of the picture
  std::vector<std::string> classes;  ///< names or numbers of the classes that count; empty: all
  std::vector<std::string> cameras;  ///< names of the sources that have this zone; empty: all
  /// Of a line: names of the directions, first from its left side to its right side (seen from its first point).
  std::array<std::string, 2> directions = {"in", "out"};
  double alone_s = 0;  ///< of a polygon: time after which one identity alone in it is reported; 0: never
  double band = 0.1;   ///< half the width of the border in which nothing is decided, relative to the height of a box
  std::string place;   ///< "zones.yaml:3", for error messages; may be empty

  bool operator==(const Zone&) const = default;
};

/// Reads a YAML file with the list "zones"; docs/counting.md describes its keys.
/// @throws std::runtime_error naming file and line for unknown keys (with the nearest known one), missing or odd
///         values, polygons that cross themselves, two zones of one name on one camera, and shares outside the picture.
std::vector<Zone> read_zones(const std::filesystem::path& path);

/// The same for a text in memory.
/// @param name of the text for error messages; they have no line if it is empty
std::vector<Zone> parse_zones(const std::string& text, const std::string& name);

/// The text of a file that read_zones() reads to these zones.
std::string zones_text(std::span<const Zone> zones);

/// The zones of one camera.
std::vector<Zone> zones_of(const std::string& camera, std::span<const Zone> zones);

/// @throws std::runtime_error naming the zone if it names a camera that is not in the list (with the nearest one).
void check_cameras(std::span<const Zone> zones, std::span<const std::string> cameras);

/// @throws std::runtime_error naming the zone if one of its classes does not exist (with the nearest one). Without
///         names, all numbers of up to 9 digits exist.
void check_classes(std::span<const Zone> zones, std::span<const std::string> class_names);

/// Names the first zone that reaches out of a picture of this size, as an error message; "" if none does.
std::string size_problem(std::span<const Zone> zones, cv::Size picture);

/// @throws std::runtime_error with the message of size_problem().
void check_size(std::span<const Zone> zones, cv::Size picture);

/// crossed: an identity passed a line. entered, left: an identity is now inside a polygon, or no longer. alone: one
/// identity has been alone in a polygon for Zone::alone_s.
enum class ZoneEventKind { crossed, entered, left, alone };

struct ZoneEvent {
  ZoneEventKind kind = ZoneEventKind::crossed;
  std::string source;     ///< name of the stream; the counter leaves it empty
  std::string zone;       ///< name of the zone
  std::string direction;  ///< crossed: name of the direction; otherwise empty
  bool again = false;     ///< crossed: the identity had crossed in this direction before
  /// False if it happened while the identity was not seen: between two places where it was seen (crossed), by appearing
  /// inside (entered) or by vanishing inside (left).
  bool seen = true;
  std::int64_t id = 0;
  int class_id = 0;
  std::string class_name;                            ///< empty if the class has no name
  Box box;                                           ///< where the identity was last seen
  Timestamp time{0};                                 ///< when it was decided, in the time of the stream
  std::chrono::system_clock::time_point captured{};  ///< wall-clock time of the event; the epoch if not live
  double duration_s = 0;                             ///< left, alone: how long the identity was inside, or alone
};

/// "cross", "enter", "leave" or "alone".
const char* to_string(ZoneEventKind kind);

/// What was counted in one zone since the start of the stream.
struct ZoneCounts {
  std::array<std::int64_t, 2> identities{};  ///< line: different identities that crossed, by direction
  std::array<std::int64_t, 2> passages{};    ///< line: all crossings, by direction
  std::int64_t entries = 0;                  ///< polygon: includes identities that appeared inside
  std::int64_t exits = 0;                    ///< polygon: includes identities that vanished inside
  std::int64_t occupancy = 0;                ///< polygon: identities inside now; entries - exits
  double dwell_s = 0;                        ///< polygon: summed over all exits
  double longest_dwell_s = 0;                ///< polygon: the longest that ended so far
  bool alone = false;                        ///< polygon: one identity has been alone in it for Zone::alone_s

  bool operator==(const ZoneCounts&) const = default;
};

/// Counts the identities of one stream. A value: it reads nothing, writes nothing, and the same tracks give the same
/// events.
///
/// An identity stands at the middle of the lower edge of its box. Only detected and interpolated boxes count; a
/// predicted one does not move its identity. Near the border of a zone (Zone::band) nothing is decided, so jitter does
/// not count: a line is crossed when the identity is clear of the line again and its path since it was last clear has
/// passed the line, more often in one direction than in the other. The path between two places where it was seen is
/// straight, so a crossing made while unseen counts, as long as the identity has not ended: unseen for more than
/// `end_after_s`. An identity that comes back after that begins anew, but ZoneCounts::identities counts it once.
///
/// Trackers lose people and give them new ids. Where an identity was lost inside the picture and another appears where
/// it is expected by now, the counter takes the second for the first: its path and its stay go on.
class ZoneCounter {
 public:
  /// @param class_names of the detector, to find those of the zones
  /// @param end_after_s at least the tracker's longest life of a lost track
  /// @throws std::runtime_error as check_classes() does
  ZoneCounter(std::vector<Zone> zones, std::vector<std::string> class_names, double end_after_s);

  /// Takes the tracks of the next frame; returns the events by zone, then by id.
  /// The first picture is that of zones in pixels; they are scaled with later ones.
  /// @throws std::runtime_error as check_size() does, at the first frame. A live stream (Frame::captured) goes on: its
  ///         zones in pixels count nothing until a picture contains them.
  std::vector<ZoneEvent> update(const Frame& frame, std::span<const Track> tracks);

  /// Ends all identities at the end of the stream.
  std::vector<ZoneEvent> finish();

  /// Replaces the zones from the next frame on. A zone goes on counting where the former one of its name and shape, or
  /// the former one at its place, has stopped; other zones begin at 0. If a line is moved past
  /// somebody, that is not a crossing.
  /// @throws std::runtime_error as check_classes() does; the former zones stay.
  void change_zones(std::vector<Zone> zones);

  const std::vector<Zone>& zones() const;
  const std::vector<ZoneCounts>& counts() const;  ///< one per zone
  ZoneCounter(const ZoneCounter& other);
  ZoneCounter(ZoneCounter&&) noexcept;
  ZoneCounter& operator=(ZoneCounter other) noexcept;
  ~ZoneCounter();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass
