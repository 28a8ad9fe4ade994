// Learns how far embedding distances of the same object are from those of different objects.
#pragma once

#include <cstdint>

#include "onepass/embedding_statistics.hpp"

namespace onepass::track {

/// How a running variance accounts for the change of its mean by a new value: `exact` weighs the squared deviation
/// from the old mean by 1 - rate (West, 1979); `about_new_mean` takes the deviation from the new mean.
enum class VarianceRule { exact, about_new_mean };

struct LearningRule {
  double slowest_rate = 0.005;  ///< lowest weight of a sample; the first 1 / slowest_rate samples have equal weight
  VarianceRule variance = VarianceRule::about_new_mean;
};

/// The rules for the distances between tracks and detections, and for the distances to remembered exemplars.
inline constexpr LearningRule stream_rule{0.005, VarianceRule::about_new_mean};
inline constexpr LearningRule memory_rule{0.002, VarianceRule::exact};

/// Running mean and variance of appearance distances: to the object itself (match), and to the most similar other
/// object in the same frame (rival). The defaults are plausible values without samples.
struct Separation {
  std::int64_t samples = 0;
  double match_mean = 0.25, match_variance = 0.01;
  double rival_mean = 0.5, rival_variance = 0.01;

  /// Adds a secure match: its distance, and the distance to its nearest rival.
  void learn(double match, double rival, const LearningRule& rule);

  double gap() const { return rival_mean - match_mean; }
  /// Standard deviation of the distances, pooled over matches and rivals.
  double deviation() const;
  /// A distance in units of the gap: 0 for a typical match, 1 for a typical rival.
  double relative(double distance) const { return (distance - match_mean) / gap(); }
};

/// A separation that starts from known statistics; the default one if they have no samples. Their sample count is
/// capped, so that a few seconds of the stream outweigh them.
/// @throws std::invalid_argument if a mean or variance is not in [0, 1].
Separation expected_separation(const EmbeddingDistances& distances);

/// Reliability clip(gap / deviation / 2.5, 0, 1) of a separation learned by stream_rule. 0 up to 50 samples and while
/// the gap is below four of its standard errors, i.e. could be chance; so it is 0 if the embeddings do not separate
/// objects, whatever their absolute distances are.
double reliability_of(const Separation& separation);

}  // namespace onepass::track
