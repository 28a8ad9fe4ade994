// Decides which new tracks are identities that were here before.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory_state.hpp"
#include "track/scene.hpp"

namespace onepass {

/// Holds new tracks against the memory before they get an id.
///
/// A track that has earned an identity waits while the memory may know it. Whenever it is detected, the mean of its
/// embeddings so far is compared with all identities: the remembered ones, and those of the scene. It agrees with the
/// nearest one if that is of the same class, has been out of sight since before the track began, is near enough
/// (limit), leads the second nearest by a margin, and no other waiting track in sight looks like it. After enough such
/// frames in a row the track is that identity; after too many others, or when it looks like nobody absent, it is a new
/// one. Limit and margin are in units of the separation that is learnt from the tracks in sight; before that is known,
/// nobody waits.
class Recognition {
 public:
  Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory);

  /// The detections of this frame; they must live until recognise().
  void begin_frame(std::span<const Detection> detections, Scene& scene);

  /// A track has taken in an observation of this frame.
  void observe(TrackRecord& track, const Scene& scene, int observation) const;

  /// An id that was given in this frame.
  struct Verdict {
    int track = 0;                             ///< number in the scene
    std::optional<Recollection> recollection;  ///< why it came back; none for a new identity
    double absent_s = 0;
  };

  /// Learns from this frame, and gives ids to the waiting tracks whose wait is over, in order of their first detection.
  /// A lost track whose identity has turned up elsewhere has no id afterwards, and ends.
  std::vector<Verdict> recognise(Scene& scene);

  /// Keeps the identity of a track that ends.
  void remember(const TrackRecord& track);

  /// Identities that this tracker has shown, each counted once.
  std::int64_t identity_count() const { return shown_; }

 private:
  /// What a track looks like, identity by identity.
  struct Ranking {
    struct Entry {
      std::int64_t id = 0;
      double distance = std::numeric_limits<double>::infinity();
      bool possible = false;  ///< of the same class, and out of sight since before the track began
    };
    Entry first;   ///< the nearest
    Entry second;  ///< and the next
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
  std::int64_t stream_ = 0;  ///< number of this tracker among those of the memory
  double start_s_ = 0;       ///< of the tracker's clock on the memory's
  std::int64_t shown_ = 0;
  std::size_t lessons_ = 0;
  std::vector<Embedding> embeddings_;  ///< of this frame, by observation; empty where there is none
};

}  // namespace onepass
