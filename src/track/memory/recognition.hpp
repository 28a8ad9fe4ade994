// Recognizes remembered identities among new tracks.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/frame_changes.hpp"
#include "track/record/track_record.hpp"

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

  /// Gives ids to the waiting confirmed tracks whose identity is decided, in order of their first detection: learns
  /// from the tracks matched and started in this frame and adds the result to changes.identified. If a waiting track
  /// turns out to be a lost track's identity, the lost track loses its id and is no longer confirmed.
  void identify(std::span<const Detection> detections, Scene& scene, FrameChanges& changes);

  /// Stores the identities of the tracks that have ended, except duplicates: their identity continues in another track.
  void remember(const Scene& scene, const FrameChanges& changes);

  /// Stores the identities of all tracks, at the end of the stream.
  void remember_all(const Scene& scene);

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

  TrackMemory& memory_of(const TrackRecord& track) { return tracks_.at(track.serial); }
  const TrackMemory& memory_of(const TrackRecord& track) const { return tracks_.at(track.serial); }
  const Embedding* embedding_of(const TrackRecord& track) const;
  void read(std::span<const Detection> detections, const Scene& scene);
  void observe(const TrackRecord& track, const Scene& scene, int observation);
  void learn(const Scene& scene);
  void compare_in_turn(const Scene& scene);
  void compare(const Scene& scene, const TrackRecord& track);
  Ranking rank(const Scene& scene, const TrackRecord& track, const Embedding& looks) const;
  void decide(Scene& scene, FrameChanges& changes);
  bool agrees(const Scene& scene, const TrackRecord& track);
  bool may_be_known(const Scene& scene, const TrackRecord& track) const;
  double bring_back(Scene& scene, TrackRecord& track);
  void put(const TrackRecord& track);
  double memory_time(double tracker_s) const { return start_s_ + tracker_s; }

  MemoryConfig config_;
  std::shared_ptr<Memory> memory_;
  std::int64_t stream_ = 0;  ///< number of this tracker among the users of the memory
  double start_s_ = 0;       ///< start of the tracker's clock on the memory's clock
  std::int64_t shown_ = 0;
  std::size_t lessons_ = 0;
  std::unordered_map<std::int64_t, TrackMemory> tracks_;  ///< by TrackRecord::serial
  std::vector<Embedding> embeddings_;  ///< embeddings of this frame, by observation; empty if missing
};

}  // namespace onepass::track
