// Appearance distances between tracks and detections, and how reliable they are in the current stream.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"
#include "track/record/detection_index.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// (1 - cosine) / 2 of two unit vectors: 0 for equal, 1 for opposite, about 0.5 for unrelated ones.
double appearance_distance(const Embedding& a, const Embedding& b);

/// A track and the observation matched to it, by index.
struct Match {
  int track = 0;
  int observation = 0;
  double cost = 0;
};

/// Learns from secure matches the distances between embeddings of the same object and of different objects. The
/// reliability is 0 if the embeddings do not separate objects, whatever their absolute distances are.
class Reliability {
 public:
  /// Starts from known statistics. Their sample count is capped, so that a few seconds of the stream outweigh them.
  void expect(const EmbeddingDistances& distances);

  /// Adds one secure match: its distance, and the distance to the nearest rival in the same frame.
  void learn(double match, double rival);

  /// Reliability clip((m0 - m1) / deviation / 2.5, 0, 1): how well matches are separated from rivals. 0 up to 50
  /// samples and while the separation is below four of its standard errors, i.e. could be chance.
  double value() const;

  double match() const { return match_mean_; }                     ///< m1
  double separation() const { return rival_mean_ - match_mean_; }  ///< m0 - m1

 private:
  std::int64_t samples_ = 0;
  double match_mean_ = 0.25, match_variance_ = 0.01;  // plausible defaults without samples
  double rival_mean_ = 0.5, rival_variance_ = 0.01;
};

/// The embeddings of one frame, and the statistics that judge them. An embedding that is not finite counts as missing.
/// When the length of the embeddings changes (another network), the learned statistics and the embeddings of all tracks
/// are dropped; the tracks keep their identities.
class Appearance {
 public:
  explicit Appearance(const TrackerConfig& config);

  /// Sets the expected distances before the first embeddings arrive.
  void expect(const EmbeddingDistances& distances) { reliability_.expect(distances); }

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

  const Reliability& reliability() const { return reliability_; }

 private:
  void start_afresh(Eigen::Index length, std::vector<TrackRecord>& tracks);
  void center(std::span<const Observation> observations);

  double momentum_;
  std::size_t gallery_size_;
  bool centered_;
  Eigen::Index length_ = 0;  ///< length of the embeddings; 0: none seen yet
  Embedding mean_;           ///< running mean over confident detections; empty before the first
  Embedding frame_mean_;
  std::vector<Embedding> embeddings_;  ///< embeddings of this frame, by observation; empty if missing
  Reliability reliability_;
};

}  // namespace onepass::track
