#include "track/match/appearance_policy.hpp"

#include <algorithm>
#include <limits>

#include "track/record/view.hpp"

namespace onepass::track {
namespace {

void keep_smallest_two(double value, double& smallest, double& second) {
  if (value < smallest) {
    second = smallest;
    smallest = value;
  } else {
    second = std::min(second, value);
  }
}

/// BoT-SORT: if the boxes are near and the appearance is similar, the smaller of both costs.
GatedCost take_smaller(const StageConfig& stage, const std::optional<double>& distance, double iou, double cost) {
  const bool counts = distance && *distance <= stage.max_appearance && iou >= stage.min_appearance_iou;
  return {counts ? std::min(cost, *distance) : cost};
}

/// DeepSORT: weighted sum of the cost and the cosine distance. Without embeddings, the cost of the boxes alone, unless
/// the stage does not compare boxes.
GatedCost add_distance(const StageConfig& stage, const std::optional<double>& distance, double /*iou*/, double cost) {
  if (!distance && stage.similarity == Similarity::none) return {{}, "no embedding"};
  if (!distance) return {cost};
  if (*distance > stage.max_appearance) return {{}, "appearance"};
  return {(1 - stage.appearance_weight) * cost + stage.appearance_weight * 2 * *distance};
}

/// Adds a penalty to pairs that look less alike than the best candidate of the same track or of the same detection.
/// A pair without rivals gets no penalty, so appearance alone never starts a new identity. The penalty grows like the
/// log-likelihood ratio of a match against a rival, if the distances of both are normal and vary alike: by gap /
/// variance, which is reliability² / gap up to a constant. A covered detection shows the object in front too, so it
/// counts by its visible share.
void disambiguate(const StageCandidates& all) {
  constexpr double beyond_limit = 0.2;  // pairs up to this far above the limit count as rivals
  constexpr double least_separation = 0.05;
  const double reliability = reliability_of(all.appearance.separation());
  if (reliability == 0) return;
  auto& [distances, row_nearest, row_second, column_nearest, column_second] = all.distances;
  all.distances.measure(all.scene, all.appearance, all.rows, all.candidates, all.stage.limit + beyond_limit);
  const double separation = std::max(all.appearance.separation().gap(), least_separation);
  const double weight = all.stage.appearance_weight * reliability * reliability * 0.5 / separation;
  for (std::size_t i = 0; i < all.candidates.size(); ++i) {
    auto& candidate = all.candidates[i];
    const double rival = std::min(row_nearest[candidate.row], column_nearest[candidate.column]);
    if (distances[i] <= rival) continue;  // also if it was not measured: rivals are not negative
    candidate.cost += weight * visible_share(all.scene, candidate.column) * (distances[i] - rival);
  }
}

/// Deep OC-SORT's adaptive weighting: appearance gets more weight if the best match clearly leads the second best.
void weigh_by_gap(const StageCandidates& all) {
  const double largest_gap = 0.5;  // max gap between cosines
  auto& [distances, row_nearest, row_second, column_nearest, column_second] = all.distances;
  all.distances.measure(all.scene, all.appearance, all.rows, all.candidates, std::numeric_limits<double>::infinity());
  const auto gap = [largest_gap](double nearest, double second) {
    return second > 1 ? 0.0 : std::min(2 * (second - nearest), largest_gap);
  };
  for (std::size_t i = 0; i < all.candidates.size(); ++i) {
    if (distances[i] < 0) continue;
    auto& candidate = all.candidates[i];
    const double boost = (gap(row_nearest[candidate.row], row_second[candidate.row]) +
                          gap(column_nearest[candidate.column], column_second[candidate.column])) /
                         2;
    const double cosine = 1 - 2 * distances[i];
    candidate.cost -= (all.stage.appearance_weight + boost) * cosine;
  }
}

constexpr AppearancePolicy table[] = {
    {.mode = AppearanceMode::disambiguate, .adjust_all = disambiguate},
    {.mode = AppearanceMode::min, .adjust_pair = take_smaller},
    {.mode = AppearanceMode::add, .adjust_pair = add_distance},
    {.mode = AppearanceMode::gap, .adjust_all = weigh_by_gap},
};

}  // namespace

void CandidateDistances::measure(const Scene& scene, const Appearance& appearance, std::span<const int> rows,
                                 std::span<const CandidatePair> candidates, double highest_cost) {
  constexpr double none = 2;  // larger than any distance
  distances.assign(candidates.size(), -1);
  row_nearest.assign(rows.size(), none);
  row_second.assign(rows.size(), none);
  column_nearest.assign(scene.observations.size(), none);
  column_second.assign(scene.observations.size(), none);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& candidate = candidates[i];
    if (!(candidate.cost < highest_cost)) continue;
    const auto distance = appearance.distance(scene.tracks[rows[candidate.row]], candidate.column);
    if (!distance) continue;
    distances[i] = *distance;
    keep_smallest_two(*distance, row_nearest[candidate.row], row_second[candidate.row]);
    keep_smallest_two(*distance, column_nearest[candidate.column], column_second[candidate.column]);
  }
}

const AppearancePolicy& appearance_policy(AppearanceMode mode) {
  static constexpr AppearancePolicy no_change;
  const auto* const row = std::ranges::find(table, mode, &AppearancePolicy::mode);
  return row == std::end(table) ? no_change : *row;
}

const StageConfig* teaching_stage(std::span<const StageConfig> stages) {
  const auto first = [&](const auto& condition) {
    const auto found = std::ranges::find_if(stages, condition);
    return found == stages.end() ? nullptr : &*found;
  };
  const auto uses = [&](AppearanceMode mode) {
    return first([mode](const StageConfig& stage) { return stage.appearance == mode; });
  };
  if (const auto* stage = uses(AppearanceMode::disambiguate)) return stage;
  if (!uses(AppearanceMode::recover)) return nullptr;
  return first([](const StageConfig& stage) { return stage.similarity != Similarity::none; });
}

}  // namespace onepass::track
