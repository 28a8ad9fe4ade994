// Recognizes remembered identities among new tracks.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory/memory_state.hpp"
#include "track/record/scene.hpp"

namespace onepass::track {

/// Compares new tracks with the memory before they get an id.
///
/// A track that is confirmed waits for its id while the memory may know it. Whenever it is detected, the mean of its
/// embeddings so far is compared with all identities, remembered or in the scene. A frame agrees with the nearest
/// identity if that has the same class, has been out of sight since before the track started, is near enough (limit),
/// leads the second nearest by a margin, and no other waiting track in sight is about as similar to it. After enough
/// consecutive frames that agree, the track becomes that identity. After too many frames that do not, or if it
/// resembles no absent identity, it becomes a new one. Limit and margin are in units of the separation learned from the
/// tracks in sight; before the separation is known, no track waits.
class Recognition {
 public:
  Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory);

  /// Reads the embeddings of this frame; call it before observe() and recognize().
  void begin_frame(std::span<const Detection> detections, Scene& scene);

  /// Records that a track was matched to, or started at, an observation of this frame.
  void observe(TrackRecord& track, const Scene& scene, int observation) const;

  /// An id assigned in this frame.
  struct Verdict {
    int track = 0;                             ///< index in the scene
    std::optional<Recollection> recollection;  ///< reason of the comeback; none for a new identity
    double absent_s = 0;
  };

  /// Learns from this frame, and assigns ids to the waiting tracks that are decided, in order of their first detection.
  /// If a waiting track turns out to be a lost track's identity, the lost track loses its id and ends.
  std::vector<Verdict> recognize(Scene& scene);

  /// Stores the identity of a track that ends.
  void remember(const TrackRecord& track);

  /// Number of different identities that this tracker has shown.
  std::int64_t identity_count() const { return shown_; }

 private:
  /// The identities nearest to a track by appearance.
  struct Ranking {
    struct Entry {
      std::int64_t id = 0;
      double distance = std::numeric_limits<double>::infinity();
      bool possible = false;  ///< same class, and out of sight since before the track started
    };
    Entry first;   ///< nearest identity
    Entry second;  ///< second nearest identity
    double nearest_possible = std::numeric_limits<double>::infinity();
  };

  const Embedding* embedding_of(const Scene& scene, const TrackRecord& track) const;
  void learn(const Scene& scene);
  void compare_in_turn(Scene& scene) const;
  void compare(const Scene& scene, TrackRecord& track) const;
  Ranking rank(const Scene& scene, const TrackRecord& track, const Embedding& looks) const;
  bool agrees(const Scene& scene, const TrackRecord& track) const;
  bool may_be_known(const Scene& scene, const TrackRecord& track) const;
  double bring_back(Scene& scene, TrackRecord& track);
  double memory_time(double tracker_s) const { return start_s_ + tracker_s; }

  MemoryConfig config_;
  std::shared_ptr<Memory> memory_;
  std::int64_t stream_ = 0;  ///< number of this tracker among the users of the memory
  double start_s_ = 0;       ///< start of the tracker's clock on the memory's clock
  std::int64_t shown_ = 0;
  std::size_t lessons_ = 0;
  std::vector<Embedding> embeddings_;  ///< embeddings of this frame, by observation; empty if missing
};

}  // namespace onepass::track
