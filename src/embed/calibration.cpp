#include "embed/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

#include "embed/area_under_curve.hpp"

namespace onepass::embed {
namespace {

double distance_between(const Embedding& a, const Embedding& b) {
  return std::clamp((1.0 - static_cast<double>(a.dot(b))) / 2, 0.0, 1.0);
}

std::pair<double, double> mean_and_deviation(const std::vector<double>& values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return {mean, std::sqrt(sum / static_cast<double>(values.size()))};
}

/// Calls visit(i, j) for the wanted pairs of entries of each group, thinned evenly to at most `most` in all groups.
template <typename Groups, typename Wanted, typename Visit>
void visit_pairs(const Groups& groups, std::size_t most, Wanted wanted, Visit visit) {
  std::size_t count = 0;
  const auto each = [&](auto action) {
    for (const auto& [_, members] : groups) {
      for (std::size_t a = 1; a < members.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
          if (wanted(members[a], members[b])) action(members[a], members[b]);
        }
      }
    }
  };
  each([&](std::size_t, std::size_t) { ++count; });
  const std::size_t step = 1 + count / std::max<std::size_t>(most, 1);
  std::size_t number = 0;
  each([&](std::size_t a, std::size_t b) {
    if (number++ % step == 0) visit(a, b);
  });
}

/// Difference of the mean distances in deviations, at least 0: how well an embedding (or a part of it) separates
/// objects.
double separation_of(const Distances& distances) {
  if (distances.same.empty() || distances.different.empty()) return 0;
  const auto [match, match_deviation] = mean_and_deviation(distances.same);
  const auto [rival, rival_deviation] = mean_and_deviation(distances.different);
  const double deviation = std::sqrt((match_deviation * match_deviation + rival_deviation * rival_deviation) / 2);
  return deviation > 0 ? std::max(0.0, (rival - match) / deviation) : 0;
}

std::vector<double> weigh_parts(std::span<const TrackedEmbedding> samples, std::span<const int> parts) {
  constexpr std::size_t pairs = 20000;
  constexpr double least = 0.1;  // an uninformative part here may be informative elsewhere
  std::vector<double> weights;
  Eigen::Index start = 0;
  for (const int length : parts) {
    std::vector<TrackedEmbedding> cut(samples.begin(), samples.end());
    for (auto& sample : cut) {
      const Embedding part = sample.embedding.segment(start, length);
      sample.embedding = part / std::max(part.norm(), 1e-9F);
    }
    weights.push_back(separation_of(measure_pairs(cut, pairs)));
    start += length;
  }
  const double best = *std::ranges::max_element(weights);
  for (auto& weight : weights) weight = best > 0 ? std::max(least, weight / best) : 1;
  return weights;
}

}  // namespace

double area_under_curve(const Distances& distances) {
  auto [same, different] = distances;
  return area_under_curve(same, different);
}

DistanceSummary summarize(const Distances& distances) {
  if (distances.same.empty() || distances.different.empty())
    throw std::runtime_error(
        "nothing to learn from: some objects must be seen repeatedly, and some frames must show two objects");
  DistanceSummary summary;
  std::tie(summary.match_mean, summary.match_deviation) = mean_and_deviation(distances.same);
  std::tie(summary.rival_mean, summary.rival_deviation) = mean_and_deviation(distances.different);
  auto same = distances.same;
  auto different = distances.different;
  std::ranges::sort(same);
  std::ranges::sort(different);
  double least = 2;
  for (const double candidate : different) {
    const double above = static_cast<double>(same.end() - std::ranges::upper_bound(same, candidate));
    const double below = static_cast<double>(std::ranges::lower_bound(different, candidate) - different.begin());
    const double missed = above / static_cast<double>(same.size());
    const double mistaken = below / static_cast<double>(different.size());
    if (std::max(missed, mistaken) >= least) continue;
    least = std::max(missed, mistaken);
    summary.threshold = candidate;
    summary.error_rate = least;
  }
  summary.reliability = std::clamp(separation_of(distances) / 2.5, 0.0, 1.0);
  return summary;
}

Embedding apply(const Calibration& calibration, const Embedding& embedding) {
  if (embedding.size() == 0) return embedding;
  if (embedding.size() != calibration.projection.cols())
    throw std::runtime_error("the calibration is for embeddings of another length");
  const Embedding projected = calibration.projection * (embedding - calibration.center);
  const float norm = projected.norm();
  return norm > 1e-12F ? Embedding(projected / norm) : Embedding();
}

Distances measure_pairs(std::span<const TrackedEmbedding> samples, std::size_t most) {
  std::map<int, std::vector<std::size_t>> of_track, of_frame;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    of_track[samples[i].track].push_back(i);
    of_frame[samples[i].frame].push_back(i);
  }
  Distances distances;
  const auto measure = [&](std::vector<double>& values) {
    return [&](std::size_t a, std::size_t b) {
      values.push_back(distance_between(samples[a].embedding, samples[b].embedding));
    };
  };
  visit_pairs(
      of_track, most, [](std::size_t, std::size_t) { return true; }, measure(distances.same));
  const auto two_tracks = [&](std::size_t a, std::size_t b) { return samples[a].track != samples[b].track; };
  visit_pairs(of_frame, most, two_tracks, measure(distances.different));
  return distances;
}

EmbeddingDistances measure_tracking(std::span<const TrackedEmbedding> samples, int first_track) {
  constexpr float kept = 0.95F;  // momentum of a track's mean; same as the default of tracker.embedding_momentum
  std::map<int, Embedding> means;
  std::vector<double> matches, rivals;
  for (std::size_t first = 0; first < samples.size();) {
    std::size_t end = first;
    while (end < samples.size() && samples[end].frame == samples[first].frame) ++end;
    const auto together = samples.subspan(first, end - first);
    first = end;
    for (const auto& sample : together) {
      const auto mean = means.find(sample.track);
      if (sample.track < first_track || mean == means.end() || together.size() < 2) continue;
      double rival = 1;
      for (const auto& other : together)
        if (other.track != sample.track) rival = std::min(rival, distance_between(mean->second, other.embedding));
      matches.push_back(distance_between(mean->second, sample.embedding));
      rivals.push_back(rival);
    }
    for (const auto& sample : together) {
      auto& mean = means.try_emplace(sample.track, sample.embedding).first->second;
      mean = (kept * mean + (1 - kept) * sample.embedding).normalized();
    }
  }
  if (matches.empty()) return {};
  const auto [match, match_deviation] = mean_and_deviation(matches);
  const auto [rival, rival_deviation] = mean_and_deviation(rivals);
  return {static_cast<std::int64_t>(matches.size()), match, match_deviation * match_deviation, rival,
          rival_deviation * rival_deviation};
}

Calibration learn_calibration(std::span<const TrackedEmbedding> samples, std::span<const int> parts,
                              const FisherOptions& options) {
  if (samples.empty()) throw std::runtime_error("nothing to learn from: no object was tracked");
  const auto length = samples.front().embedding.size();
  if (std::accumulate(parts.begin(), parts.end(), Eigen::Index{0}) != length)
    throw std::invalid_argument("the lengths of the parts do not add up to the length of the embedding");
  Calibration calibration;
  calibration.weights = weigh_parts(samples, parts);
  Eigen::VectorXf weights(length);
  Eigen::Index start = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    weights.segment(start, parts[part]).setConstant(static_cast<float>(calibration.weights[part]));
    start += parts[part];
  }
  Eigen::MatrixXf columns(length, static_cast<Eigen::Index>(samples.size()));
  std::vector<int> tracks;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    columns.col(static_cast<Eigen::Index>(i)) = samples[i].embedding.cwiseProduct(weights);
    tracks.push_back(samples[i].track);
  }
  const auto fisher = learn_fisher(columns, tracks, options);
  calibration.center = fisher.center.cwiseQuotient(weights);
  calibration.projection = fisher.projection * weights.asDiagonal();
  return calibration;
}

}  // namespace onepass::embed
