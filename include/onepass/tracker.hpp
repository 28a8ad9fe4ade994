// Gives detections lasting identities, frame by frame.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/explain.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// An online multi-object tracker. Its whole state is its own: any number of trackers may live in one process.
class Tracker {
 public:
  /// @param frame_rate nominal rate of the stream in frames per second (> 0); one frame at this rate is the
  ///        unit of the motion noise, so that thresholds tuned for consecutive frames of a file keep their meaning.
  Tracker(const TrackerConfig& config, double frame_rate);
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  /// Takes the detections of the next frame (none is fine: tracks age) and returns the tracks to show, in order of id.
  std::vector<Track> update(std::span<const Detection> detections, const Frame& frame);

  /// Tells `handler` from now on why identities begin, come back and end; an empty one ends that. Costs nothing before.
  void on_event(TrackEventHandler handler);

  /// Identities given so far; also the largest id.
  std::int64_t identity_count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass
