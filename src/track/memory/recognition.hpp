// Recognizes remembered identities among new tracks.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>

#include "onepass/memory.hpp"
#include "track/memory/ranking.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/frame_changes.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// Compares new tracks with the memory before they get an id.
///
/// A track that is confirmed waits for its id while the memory may know it. Whenever it is detected in a clear view
/// (is_clear_view), the mean of its embeddings so far is compared with all identities, remembered or in sight of any
/// tracker with this memory. A comparison agrees with the nearest identity if that is possible (rank()), near enough
/// (limit), leads the second nearest by a margin, and no other waiting track in sight is about as similar to it. After
/// enough consecutive comparisons that agree, the track becomes that identity. After too many that do not, if it
/// resembles no absent identity, or after wait_s, it becomes a new one. Limit and margin are in units of the separation
/// learned from the tracks in sight; before the separation is known, no track waits.
class Recognition {
 public:
  Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory);
  ~Recognition();
  Recognition(const Recognition&) = delete;
  Recognition& operator=(const Recognition&) = delete;

  /// Takes the id from every track whose identity another tracker has recognized since the previous frame. Call it
  /// before the tracks of a frame are matched.
  void give_up(Scene& scene);

  /// Gives ids to the waiting confirmed tracks whose identity is decided, in order of their first detection: learns
  /// from the tracks matched and started in this frame and adds the result to changes.identified. If a waiting track
  /// turns out to be a lost track's identity, the lost track loses its id and is no longer confirmed.
  void identify(std::span<const Detection> detections, Scene& scene, FrameChanges& changes);

  /// Stores the identities of the tracks that have ended, except duplicates: their identity continues in another track.
  void remember(const Scene& scene, const FrameChanges& changes);

  /// Stores the identities of all tracks, at the end of the stream.
  void remember_all(const Scene& scene);

  /// Number of different identities that this tracker has shown.
  std::int64_t identity_count() const { return static_cast<std::int64_t>(shown_.size()); }

 private:
  TrackMemory& memory_of(const TrackRecord& track) { return roster_.tracks.at(track.serial); }
  const TrackMemory& memory_of(const TrackRecord& track) const { return roster_.tracks.at(track.serial); }
  Embedding embedding_of(const TrackRecord& track) const;
  void join(const Scene& scene);
  void leave();
  void read(std::span<const Detection> detections, const Scene& scene);
  void observe(const TrackRecord& track, const Scene& scene, int observation);
  void describe(const Scene& scene);
  void learn(const Scene& scene);
  void compare_in_turn(const Scene& scene);
  void compare(const TrackRecord& track);
  void collect_views(const Scene& scene);
  void decide(Scene& scene, FrameChanges& changes);
  bool agrees(const Scene& scene, const TrackRecord& track);
  bool may_be_known(const Scene& scene, const TrackRecord& track) const;
  double memory_time(double tracker_s) const { return start_s_ + tracker_s; }

  MemoryConfig config_;
  std::shared_ptr<Memory> memory_;
  bool at_work_ = false;          ///< the roster is registered with the memory
  double start_s_ = 0;            ///< start of the tracker's clock on the memory's clock
  std::set<std::int64_t> shown_;  ///< ids; an identity may leave for another tracker and come back
  std::size_t lessons_ = 0;
  std::size_t views_ = 0;
  Roster roster_;
  std::span<const Detection> detections_;  ///< of this frame, during identify()
  std::vector<int> sources_;               ///< index of every observation's detection
};

}  // namespace onepass::track
