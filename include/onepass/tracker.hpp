// Gives detections lasting identities, frame by frame.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"
#include "onepass/explain.hpp"
#include "onepass/memory.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// An online multi-object tracker. Its whole state is its own: any number of trackers may live in one process.
class Tracker {
 public:
  /// @param frame_rate nominal rate of the stream in frames per second (> 0); one frame at this rate is the
  ///        unit of the motion noise, so that thresholds tuned for consecutive frames of a file keep their meaning.
  /// @param memory shared with other trackers, used one after another; by default the tracker has its own where
  ///        config.memory is enabled, and none otherwise.
  ///
  /// With a memory a new track waits for its id, unseen, while it may be somebody who was here before: until
  /// memory.agreement detections in a row say who it is, or more than memory.patience say it is nobody. Ids stay dense,
  /// and an id that was shown never changes.
  Tracker(const TrackerConfig& config, double frame_rate, std::shared_ptr<Memory> memory = nullptr);
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  /// Takes the detections of the next frame (none is fine: tracks age) and returns the tracks to show, in order of id.
  std::vector<Track> update(std::span<const Detection> detections, const Frame& frame);

  /// Trusts the embeddings from the first frame on as much as these distances allow, instead of learning first what
  /// they are worth; the stream's own matches then take over. Nothing happens without samples, and after the first
  /// frame.
  /// @throws std::invalid_argument where a mean or variance is not in [0, 1].
  void expect(const EmbeddingDistances& distances);

  /// Tells `handler` from now on why identities begin, come back and end; an empty one ends that. Costs nothing before.
  void on_event(TrackEventHandler handler);

  /// Different identities so far. Without a shared memory this is also the largest id.
  std::int64_t identity_count() const;

  /// Hands the identities of all tracks to the memory, at the end of a stream; nothing without one. The tracker follows
  /// nobody afterwards.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass
