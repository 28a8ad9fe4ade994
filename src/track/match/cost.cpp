#include "track/match/cost.hpp"

#include <algorithm>
#include <cmath>

#include "onepass/shape_geometry.hpp"

namespace onepass::track {
namespace {

constexpr std::size_t most_per_track = 64;  // most candidates per track; only piles of false detections have more

const Rectangle& reference_box(const StageConfig& stage, const TrackRecord& track) {
  return stage.reference == ReferenceBox::predicted ? track.box : track.observed;
}

double relative_difference(double a, double b) { return std::abs(a - b) / std::max({a, b, 1e-9}); }

/// Distance of the centers along both axes, each as a share of the smallest box around both boxes: 0 to 2.
double center_distance(const Rectangle& a, const Rectangle& b) {
  const double width = std::max(a.right, b.right) - std::min(a.left, b.left);
  const double height = std::max(a.bottom, b.bottom) - std::min(a.top, b.top);
  return std::abs(a.center_x() - b.center_x()) / width + std::abs(a.center_y() - b.center_y()) / height;
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

/// The box with each side moved outwards by this share of the width or height.
Rectangle buffered(const Rectangle& box, double share) {
  const double across = share * box.width();
  const double down = share * box.height();
  return {box.left - across, box.top - down, box.right + across, box.bottom + down};
}

/// IoU of rotated boxes, with each side moved outwards by this share of the width or height.
double rotated_overlap(RotatedBox a, RotatedBox b, double share) {
  const auto factor = static_cast<float>(1 + 2 * share);
  for (auto* box : {&a, &b}) {
    box->width *= factor;
    box->height *= factor;
  }
  return intersection_over_union(a, b);
}

/// Similarity of width and height, in (0, 1]; 1 for equal ones.
double shape_similarity(const Rectangle& a, const Rectangle& b) {
  return std::exp(-relative_difference(a.width(), b.width()) - relative_difference(a.height(), b.height()));
}

}  // namespace

void CostModel::collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                        std::span<const int> rows, std::span<const char> eligible,
                        std::vector<CandidatePair>& candidates) {
  candidates.clear();
  const bool needs_embedding = stage.similarity == Similarity::none && stage.appearance == AppearanceMode::add;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& track = scene.tracks[rows[row]];
    if (needs_embedding && track.embedding.size() == 0) continue;
    const auto first = candidates.size();
    const auto consider = [&](int observation) {
      if (!eligible[observation]) return;
      const auto cost = pair_cost(stage, scene, appearance, track, observation);
      if (cost.value) candidates.push_back({static_cast<int>(row), observation, *cost.value});
    };
    if (stage.similarity != Similarity::none) {
      const auto box = buffered(reference_box(stage, track), stage.buffer);
      scene.index.for_each_overlapping(scene.index.reach(box, stage.buffer), consider);
    } else if (stage.max_mahalanobis > 0) {
      scene.index.for_each_overlapping(motion_.gate(track.filter, stage.max_mahalanobis), consider);
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
  const auto reference = buffered(reference_box(stage, track), stage.buffer);
  const auto seen = buffered(observation.box, stage.buffer);
  const double iou = track.rotation && observation.rotated
                         ? rotated_overlap(rotated_box(*track.rotation, reference), *observation.rotated, stage.buffer)
                         : intersection_over_union(reference, seen);
  double cost = 1;
  if (stage.similarity != Similarity::none) {
    if (!(iou > stage.min_iou)) return {{}, "overlap"};
    double similarity = iou;
    if (stage.similarity == Similarity::iou_height) {
      similarity *= 1 - scene.traits.weight_of_heights * (1 - height_overlap(reference, seen));
    }
    if (stage.fuse_score) similarity *= observation.score;
    cost -= similarity;
  }
  if (stage.max_mahalanobis > 0) {
    const bool near = motion_.squared_mahalanobis(track.filter, observation.box) <= stage.max_mahalanobis;
    if (!near) return {{}, "motion"};
  }
  const auto adjust = appearance_policy(stage.appearance).adjust_pair;
  auto result = adjust ? adjust(stage, appearance.distance(track, number), iou, cost) : GatedCost{cost};
  if (result.value)
    *result.value += box_terms(stage, track, observation, iou) + track_terms(stage, scene, track, observation);
  return result;
}

double CostModel::box_terms(const StageConfig& stage, const TrackRecord& track, const Observation& observation,
                            double iou) const {
  double terms = 0;
  if (stage.center_weight > 0) {
    terms += stage.center_weight * center_distance(reference_box(stage, track), observation.box);
  }
  if (stage.shape_weight > 0) {
    terms -= stage.shape_weight * shape_similarity(reference_box(stage, track), observation.box);
  }
  if (stage.mahalanobis_weight > 0) {
    const double distance = motion_.squared_mahalanobis(track.filter, observation.box);
    terms -= stage.mahalanobis_weight * std::clamp(1 - distance / chi_square_99, 0.0, 1.0);
  }
  if (stage.confidence_weight > 0) {
    terms -= stage.confidence_weight * track.confidence() * observation.score * iou;
  }
  return terms;
}

double CostModel::track_terms(const StageConfig& stage, const Scene& scene, const TrackRecord& track,
                              const Observation& observation) const {
  double terms = observation.score < stage.sure_score ? stage.unsure_penalty : 0;
  if (stage.direction_weight > 0) {
    terms += stage.direction_weight * observation.score * track.direction.angle_to(observation.box, track.observed);
  }
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
