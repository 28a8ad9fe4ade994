// Counts and measures the frames of one stream once, for all of its sinks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "onepass/ground.hpp"
#include "onepass/types.hpp"
#include "onepass/zones.hpp"

namespace onepass {

class StreamCounter;

/// What is counted and measured in a stream. Sinks draw, write and publish it.
struct Counting {
  std::vector<Zone> zones{};
  std::optional<Ground> ground{};
  double end_after_s = 3;                   ///< as in ZoneCounter and GroundTracker
  std::shared_ptr<StreamCounter> shared{};  ///< counter of all sinks of the stream; null: each sink counts on its own
};

/// Motions on the ground by id.
using GroundMotions = std::map<std::int64_t, GroundMotion>;

/// The zones that all counters of a stream use next. Thread-safe.
class ZoneBoard {
 public:
  void post(std::vector<Zone> zones);

  /// Returns the zones posted since the call that returned this number, if any, and updates the number.
  std::optional<std::vector<Zone>> newer_than(std::int64_t& number) const;

 private:
  mutable std::mutex mutex_;
  std::vector<Zone> zones_;
  std::int64_t posts_ = 0;
};

/// The first request for a frame counts it; later requests for the same frame return the same result. All sinks of a
/// stream can therefore share one counter, as long as each gets the same tracks, frame by frame. Not thread-safe,
/// except for board().
class StreamCounter {
 public:
  /// @throws std::runtime_error as ZoneCounter does
  StreamCounter(const Counting& counting, std::vector<std::string> class_names);

  /// A counter of the same zones that has counted nothing, for a sink that gets other tracks or gets them later. It
  /// takes over the same changes of zones.
  std::shared_ptr<StreamCounter> another() const;

  /// Returns the events of the frame; the index and the time distinguish frames.
  /// @throws std::runtime_error as ZoneCounter::update() does
  const std::vector<ZoneEvent>& update(const Frame& frame, std::span<const Track> tracks);

  /// Returns the events of the end of the stream.
  const std::vector<ZoneEvent>& finish();

  /// Returns the motions of the frame; empty without a ground.
  const GroundMotions& motions(const Frame& frame, std::span<const Track> tracks);

  /// The zones of the last frame. They never change; a change of zones makes a new list.
  std::shared_ptr<const std::vector<Zone>> zones() const { return zones_; }

  /// What was counted so far; one per zone.
  const std::vector<ZoneCounts>& counts() const { return counter_.counts(); }

  /// Where another thread posts zones that count from the next frame on. They must have known classes.
  ZoneBoard& board() const { return *board_; }

 private:
  /// Remembers the frame of which something was computed last.
  class Newest {
   public:
    bool replace(const Frame& frame);

   private:
    std::optional<std::pair<std::int64_t, Timestamp>> frame_;
  };

  void take_over_changes();

  Counting counting_;
  std::vector<std::string> class_names_;
  ZoneCounter counter_;
  std::shared_ptr<const std::vector<Zone>> zones_;
  std::shared_ptr<ZoneBoard> board_;
  std::int64_t taken_over_ = 0;  ///< number of the last post on the board
  Newest counted_;
  std::vector<ZoneEvent> events_;
  bool finished_ = false;
  std::optional<GroundTracker> ground_;
  Newest measured_;
  GroundMotions motions_;
};

}  // namespace onepass
