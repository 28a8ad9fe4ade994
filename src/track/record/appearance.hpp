// Appearance distances between tracks and detections, and how reliable they are in the current stream.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "onepass/config.hpp"
#include "track/record/separation.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// A track and the observation matched to it, by index.
struct Match {
  int track = 0;
  int observation = 0;
  double cost = 0;
};

/// The embeddings of one frame, and the statistics to compare them. An embedding that is not finite counts as missing.
/// When the length of the embeddings changes (another network), the learned statistics and the embeddings of all tracks
/// are dropped; the tracks keep their identities.
class Appearance {
 public:
  explicit Appearance(const TrackerConfig& config);

  /// Sets the expected distances before the first embeddings arrive.
  void expect(const EmbeddingDistances& distances);

  /// Reads the embeddings of this frame, indexed like `observations`.
  void begin_frame(std::span<const Detection> detections, std::span<const Observation> observations,
                   std::vector<TrackRecord>& tracks);

  /// True if the observation has a usable embedding.
  bool has(int observation) const { return embeddings_[observation].size() > 0; }

  /// Distance between a track and an observation, to the nearest gallery embedding if the track has a gallery; nullopt
  /// if either has no embedding.
  std::optional<double> distance(const TrackRecord& track, int observation) const;

  /// Learns from the matches of a stage; call it before the tracks are updated with them.
  void learn(std::span<const TrackRecord> tracks, std::span<const Match> matches);

  /// Adds an observation's embedding to a track; higher scores get more weight.
  void remember(TrackRecord& track, int observation, double score) const;

  /// Distances of secure matches and of their rivals in this stream.
  const Separation& separation() const { return separation_; }

 private:
  void start_afresh(Eigen::Index length, std::vector<TrackRecord>& tracks);
  void center(std::span<const Observation> observations);

  double momentum_;
  double least_score_;  ///< embedding_min_score
  std::size_t gallery_size_;
  bool centered_;
  Eigen::Index length_ = 0;  ///< length of the embeddings; 0: none seen yet
  Embedding mean_;           ///< running mean over confident detections; empty before the first
  Embedding frame_mean_;
  std::vector<Embedding> embeddings_;  ///< embeddings of this frame, by observation; empty if missing
  Separation separation_;
};

}  // namespace onepass::track
