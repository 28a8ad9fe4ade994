#include "track/match/cost.hpp"

#include <algorithm>
#include <cmath>

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
  const auto adjust = appearance_policy(stage.appearance).adjust_all;
  if (adjust) adjust({stage, scene, appearance, rows, candidates, distances_});
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
    if (stage.similarity == Similarity::iou_height) {
      similarity *= 1 - scene.traits.weight_of_heights * (1 - height_overlap(reference, observation.box));
    }
    if (stage.fuse_score) similarity *= observation.score;
    cost -= similarity;
  }
  if (stage.max_mahalanobis > 0) {
    const bool near = motion_.squared_mahalanobis(track.filter, observation.box) <= stage.max_mahalanobis;
    if (!near) return {{}, "motion"};
  }
  cost += motion_terms(stage, scene, track, observation);
  const auto adjust = appearance_policy(stage.appearance).adjust_pair;
  return adjust ? adjust(stage, appearance.distance(track, number), iou, cost) : GatedCost{cost};
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

}  // namespace onepass::track
