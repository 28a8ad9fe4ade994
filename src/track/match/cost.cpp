#include "track/match/cost.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onepass::track {
namespace {

constexpr double chi_square_99 = 13.28;     // 99% quantile of chi-square with 4 degrees of freedom
constexpr std::size_t most_per_track = 64;  // most candidates per track; only piles of false detections have more

const Rectangle& reference_box(const StageConfig& stage, const TrackRecord& track) {
  return stage.reference == ReferenceBox::predicted ? track.box : track.observed;
}

double relative_difference(double a, double b) { return std::abs(a - b) / std::max({a, b, 1e-9}); }

/// Similarity of width and height, in (0, 1]; 1 for equal boxes.
double shape_similarity(const Rectangle& a, const Rectangle& b) {
  return std::exp(-relative_difference(a.width(), b.width()) - relative_difference(a.height(), b.height()));
}

/// Keeps the most_per_track cheapest of the candidates from `first` on.
void keep_cheapest(std::vector<CandidatePair>& candidates, std::size_t first) {
  if (candidates.size() - first <= most_per_track) return;
  const auto start = candidates.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = start + most_per_track;
  std::nth_element(start, end, candidates.end(), [](const CandidatePair& a, const CandidatePair& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.column < b.column;
  });
  candidates.erase(end, candidates.end());
}

void keep_smallest_two(double value, double& smallest, double& second) {
  if (value < smallest) {
    second = smallest;
    smallest = value;
  } else {
    second = std::min(second, value);
  }
}

/// BoT-SORT: if the boxes are near and the appearance is similar, the smaller of both costs.
double lower_by_looks(const StageConfig& stage, const std::optional<double>& distance, double iou, double cost) {
  const bool counts = distance && *distance <= stage.max_appearance && iou >= stage.min_appearance_iou;
  return counts ? std::min(cost, *distance) : cost;
}

/// DeepSORT: weighted sum of the cost and the cosine distance. Without embeddings, the cost of the boxes alone, unless
/// the stage does not compare boxes.
GatedCost add_looks(const StageConfig& stage, const std::optional<double>& distance, double cost) {
  if (!distance && stage.similarity == Similarity::none) return {{}, "no embedding"};
  if (!distance) return {cost};
  if (*distance > stage.max_appearance) return {{}, "appearance"};
  return {(1 - stage.appearance_weight) * cost + stage.appearance_weight * 2 * *distance};
}

}  // namespace

void CostModel::collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                        std::span<const int> rows, std::span<const char> eligible,
                        std::vector<CandidatePair>& candidates) {
  candidates.clear();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& track = scene.tracks[rows[row]];
    const auto first = candidates.size();
    const auto consider = [&](int observation) {
      if (!eligible[observation]) return;
      const auto cost = pair_cost(stage, scene, appearance, track, observation);
      if (cost.value) candidates.push_back({static_cast<int>(row), observation, *cost.value});
    };
    if (stage.similarity != Similarity::none) {
      scene.index.for_each_overlapping(reference_box(stage, track), consider);
    } else {
      for (std::size_t i = 0; i < scene.observations.size(); ++i) consider(static_cast<int>(i));
    }
    keep_cheapest(candidates, first);
  }
  if (stage.appearance == AppearanceMode::disambiguate) disambiguate(stage, scene, appearance, rows, candidates);
  if (stage.appearance == AppearanceMode::gap) weigh_gaps(stage, scene, appearance, rows, candidates);
}

GatedCost CostModel::pair_cost(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                               const TrackRecord& track, int number) const {
  const auto& observation = scene.observations[number];
  if (config_.per_class && observation.class_id != track.belief.class_id()) return {{}, "class"};
  const auto& reference = reference_box(stage, track);
  const double iou = intersection_over_union(reference, observation.box);
  double cost = 1;
  if (stage.similarity != Similarity::none) {
    if (!(iou > stage.min_iou)) return {{}, "overlap"};
    double similarity = iou;
    if (stage.similarity == Similarity::iou_height) similarity *= height_overlap(reference, observation.box);
    if (stage.fuse_score) similarity *= observation.score;
    cost -= similarity;
  }
  if (stage.max_mahalanobis > 0) {
    const bool near = motion_.squared_mahalanobis(track.filter, observation.box) <= stage.max_mahalanobis;
    if (!near) return {{}, "motion"};
  }
  cost += motion_terms(stage, scene, track, observation);
  if (stage.appearance == AppearanceMode::min)
    return {lower_by_looks(stage, appearance.distance(track, number), iou, cost)};
  if (stage.appearance == AppearanceMode::add) return add_looks(stage, appearance.distance(track, number), cost);
  return {cost};
}

double CostModel::motion_terms(const StageConfig& stage, const Scene& scene, const TrackRecord& track,
                               const Observation& observation) const {
  double terms = 0;
  if (stage.direction_weight > 0) {
    terms += stage.direction_weight * observation.score * track.direction.angle_to(observation.box, track.observed);
  }
  if (stage.mahalanobis_weight > 0) {
    const double distance = motion_.squared_mahalanobis(track.filter, observation.box);
    terms -= stage.mahalanobis_weight * std::clamp(1 - distance / chi_square_99, 0.0, 1.0);
  }
  if (stage.shape_weight > 0) terms -= stage.shape_weight * shape_similarity(track.box, observation.box);
  if (stage.score_weight > 0) {
    const double trend = 2 * track.score - track.previous_score;
    terms += stage.score_weight * std::abs(trend - observation.score);
  }
  if (stage.age_weight > 0) {
    const double missed_s = scene.lost_s(track) - scene.frame_s;
    terms += stage.age_weight * std::clamp(missed_s, 0.0, 1.0);
  }
  return terms;
}

/// Stores in distances_ the appearance distance, if any, of every candidate with a cost below `highest_cost`.
void CostModel::measure_appearance(const Scene& scene, const Appearance& appearance, std::span<const int> rows,
                                   std::span<const CandidatePair> candidates, double highest_cost) {
  constexpr double none = 2;  // larger than any distance
  distances_.assign(candidates.size(), -1);
  row_nearest_.assign(rows.size(), none);
  row_second_.assign(rows.size(), none);
  column_nearest_.assign(scene.observations.size(), none);
  column_second_.assign(scene.observations.size(), none);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& candidate = candidates[i];
    if (!(candidate.cost < highest_cost)) continue;
    const auto distance = appearance.distance(scene.tracks[rows[candidate.row]], candidate.column);
    if (!distance) continue;
    distances_[i] = *distance;
    keep_smallest_two(*distance, row_nearest_[candidate.row], row_second_[candidate.row]);
    keep_smallest_two(*distance, column_nearest_[candidate.column], column_second_[candidate.column]);
  }
}

/// Adds a penalty to pairs that look less alike than the best candidate of the same track or of the same detection.
/// A pair without rivals gets no penalty, so appearance alone never starts a new identity.
void CostModel::disambiguate(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                             std::span<const int> rows, std::vector<CandidatePair>& candidates) {
  constexpr double beyond_limit = 0.2;  // pairs up to this far above the limit count as rivals
  constexpr double least_separation = 0.05;
  const double reliability = reliability_of(appearance.separation());
  if (reliability == 0) return;
  measure_appearance(scene, appearance, rows, candidates, stage.limit + beyond_limit);
  const double separation = std::max(appearance.separation().gap(), least_separation);
  const double weight = stage.appearance_weight * reliability * 0.5 / separation;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (distances_[i] < 0) continue;
    const double rival = std::min(row_nearest_[candidates[i].row], column_nearest_[candidates[i].column]);
    candidates[i].cost += weight * (distances_[i] - rival);
  }
}

/// Deep OC-SORT's adaptive weighting: appearance gets more weight if the best match clearly leads the second best.
void CostModel::weigh_gaps(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                           std::span<const int> rows, std::vector<CandidatePair>& candidates) {
  const double largest_gap = 0.5;  // max gap between cosines
  measure_appearance(scene, appearance, rows, candidates, std::numeric_limits<double>::infinity());
  const auto gap = [largest_gap](double nearest, double second) {
    return second > 1 ? 0.0 : std::min(2 * (second - nearest), largest_gap);
  };
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (distances_[i] < 0) continue;
    const int row = candidates[i].row;
    const int column = candidates[i].column;
    const double boost =
        (gap(row_nearest_[row], row_second_[row]) + gap(column_nearest_[column], column_second_[column])) / 2;
    const double cosine = 1 - 2 * distances_[i];
    candidates[i].cost -= (stage.appearance_weight + boost) * cosine;
  }
}

}  // namespace onepass::track
