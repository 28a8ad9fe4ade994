// What embeddings are worth in this stream, and what tracks remember of them.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"
#include "track/detection_index.hpp"
#include "track/track_record.hpp"

namespace onepass {

/// (1 - cosine) / 2 of two unit vectors: 0 equal, 1 opposite, about .5 for unrelated ones.
double appearance_distance(const Embedding& a, const Embedding& b);

/// A track and the observation it takes in, by number.
struct Match {
  int track = 0;
  int observation = 0;
  double cost = 0;
};

/// Learns from secure matches how far apart the same and different objects look. Embeddings that cannot tell objects
/// apart get a reliability of 0, whatever their distances are.
class Reliability {
 public:
  /// Begins with what is known; counts for no more than what a few seconds of a stream teach.
  void expect(const EmbeddingDistances& distances);

  /// One secure match: its distance, and that to the nearest rival in the same frame.
  void learn(double match, double rival);

  /// clip((m0 - m1) / deviation / 2.5, 0, 1): how well matches stand out from rivals. 0 before 50 samples, and where
  /// chance could explain the separation (up to four of its standard errors).
  double value() const;

  double match() const { return match_mean_; }                     ///< m1
  double separation() const { return rival_mean_ - match_mean_; }  ///< m0 - m1

 private:
  std::int64_t samples_ = 0;
  double match_mean_ = 0.25, match_variance_ = 0.01;  // plausible values until there are samples
  double rival_mean_ = 0.5, rival_variance_ = 0.01;
};

/// The embeddings of one frame and the memory that judges them. Detections without an embedding, or with one that is
/// not finite, count as having none. When the length of the embeddings changes (another network), what was learnt
/// about the old ones is forgotten: tracks keep their identity and gather new embeddings.
class Appearance {
 public:
  explicit Appearance(const TrackerConfig& config);

  /// What to expect of the distances of the first embeddings to come.
  void expect(const EmbeddingDistances& distances) { reliability_.expect(distances); }

  /// Takes the embeddings of this frame, indexed like `observations`.
  void begin_frame(std::span<const Detection> detections, std::span<const Observation> observations,
                   std::vector<TrackRecord>& tracks);

  /// True if the detection has an embedding.
  bool has(int observation) const { return embeddings_[observation].size() > 0; }

  /// Distance of track and detection, by the gallery if there is one; nothing if either has no embedding.
  std::optional<double> distance(const TrackRecord& track, int observation) const;

  /// Learns from the matches of a stage, before the tracks take the detections in.
  void learn(std::span<const TrackRecord> tracks, std::span<const Match> matches);

  /// Lets a track remember a detection; confident ones count for more.
  void remember(TrackRecord& track, int observation, double score) const;

  const Reliability& reliability() const { return reliability_; }

 private:
  void start_afresh(Eigen::Index length, std::vector<TrackRecord>& tracks);
  void center(std::span<const Observation> observations);

  double momentum_;
  std::size_t gallery_size_;
  bool centered_;
  Eigen::Index length_ = 0;  ///< of the embeddings; 0: none seen yet
  Embedding mean_;           ///< running, over the confident detections; empty until there is one
  Embedding frame_mean_;
  std::vector<Embedding> embeddings_;  ///< of this frame, by observation; empty where there is none
  Reliability reliability_;
};

}  // namespace onepass
