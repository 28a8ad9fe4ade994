// Multi-object tracker: assigns detections to tracks with stable ids, frame by frame.
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

/// An online multi-object tracker. It shares no global state, so any number of trackers may exist in one process.
class Tracker {
 public:
  /// @param frame_rate nominal rate of the stream in frames per second (> 0): the time between frames whose timestamps
  ///        do not increase, and the rate of the process noise if config.noise_rate is 0.
  /// @param memory memory shared with other trackers (see Memory), or null: the tracker then creates its own if
  ///        config.memory.enabled is set, and otherwise works without one.
  /// @throws std::invalid_argument if the frame rate is not above 0.
  /// @throws std::runtime_error if the camera motion file cannot be read.
  ///
  /// With a memory, a new track that may be a remembered identity gets its id with a delay and is not output until
  /// then. It becomes the remembered identity after memory.agreement consecutive detections that agree, and a new
  /// identity after more than memory.patience detections that do not, or after memory.wait_s. Detections that are cut
  /// by the edge of the image or mostly covered are not compared. Ids stay dense, and an id that was output never
  /// changes.
  Tracker(const TrackerConfig& config, double frame_rate, std::shared_ptr<Memory> memory = nullptr);
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  /// Processes the detections of the next frame and returns the tracks to show, sorted by id. Call it for frames
  /// without detections too, so that tracks age.
  std::vector<Track> update(std::span<const Detection> detections, const Frame& frame);

  /// Sets initial distance statistics, so that embeddings are used from the first frame on instead of after a learning
  /// phase. The stream's own matches then update them. Does nothing if `distances` has no samples or a frame has
  /// already been processed.
  /// @throws std::invalid_argument if a mean or variance is not in [0, 1].
  void expect(const EmbeddingDistances& distances);

  /// From now on calls `handler` with the reason whenever an identity starts, is recovered, comes back or ends. An
  /// empty handler turns this off. Without a handler no reasons are computed.
  void on_event(TrackEventHandler handler);

  /// Number of different identities so far. Without a shared memory this is also the largest id.
  std::int64_t identity_count() const;

  /// Stores the identities of all tracks in the memory and removes the tracks; call it at the end of a stream. Does
  /// nothing without a memory.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass
