#include "track/match/motion_learner.hpp"

#include <algorithm>

namespace onepass::track {
namespace {

constexpr LearningRule pair_rule{0.001, VarianceRule::exact};
constexpr std::int64_t enough_pairs = 50;
constexpr double clear_lead = 0.05;  // share of its separation by which overlap alone has to be ahead

bool is_secure(const TrackRecord& track) { return track.hits > 5 && track.frames_since_update == 1; }

double overlap_and_heights(const Rectangle& a, const Rectangle& b) {
  return intersection_over_union(a, b) * height_overlap(a, b);
}

/// Gap between matches and rivals in standard deviations.
double separation_of(const Separation& pairs) { return pairs.gap() / pairs.deviation(); }

}  // namespace

void MotionLearner::learn(const StageConfig& stage, const Scene& scene, std::span<const Match> matches) {
  if (stage.similarity == Similarity::none) return;
  matched_.assign(scene.observations.size(), 0);
  for (const auto& match : matches) matched_[match.observation] = 1;
  for (const auto& match : matches) {
    if (!is_secure(scene.tracks[match.track])) continue;
    learn_agility(scene, match);
    if (stage.similarity == Similarity::iou_height) learn_heights(scene, match);
  }
}

void MotionLearner::learn_agility(const Scene& scene, const Match& match) {
  const auto& track = scene.tracks[match.track];
  const auto& seen = scene.observations[match.observation].box;
  agility_.learn(overlap_and_heights(motion_.box(track.filter), seen),
                 overlap_and_heights(motion_.box(track.agile), seen),
                 seen.width() / std::max(1e-3, track.observed.width()));
}

/// Compares the match with every detection of another track that overlaps the predicted box.
void MotionLearner::learn_heights(const Scene& scene, const Match& match) {
  const auto& predicted = scene.tracks[match.track].box;
  const auto& seen = scene.observations[match.observation].box;
  scene.index.for_each_overlapping(predicted, [&](int number) {
    if (number == match.observation || !matched_[number]) return;
    const auto& rival = scene.observations[number].box;
    by_overlap_.learn(1 - intersection_over_union(predicted, seen), 1 - intersection_over_union(predicted, rival),
                      pair_rule);
    by_overlap_and_heights_.learn(1 - overlap_and_heights(predicted, seen), 1 - overlap_and_heights(predicted, rival),
                                  pair_rule);
  });
}

MotionTraits MotionLearner::traits() const {
  MotionTraits traits{agility_.value(), agility_.output_value(), 1};
  const double separation = separation_of(by_overlap_and_heights_);
  if (by_overlap_.samples > enough_pairs && separation > 0) {  // it is 0 if all boxes are the same
    const double lead = separation_of(by_overlap_) / separation - 1;
    traits.weight_of_heights = 1 - std::clamp(lead / clear_lead, 0.0, 1.0);
  }
  return traits;
}

}  // namespace onepass::track
