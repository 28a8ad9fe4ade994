#include "track/lifecycle.hpp"

#include <algorithm>

#include "track/match/recovery.hpp"
#include "track/record/view.hpp"

namespace onepass::track {
namespace {

/// Counts consecutive detections; call it before frames_since_update is reset. A track that missed a frame is shown
/// again after `return_hits` of them.
void count_streak(TrackRecord& track, int return_hits) {
  const bool missed = track.frames_since_update > 1;
  track.streak = missed ? 1 : track.streak + 1;
  track.returning = (missed || track.returning) && track.streak < return_hits;
}

}  // namespace

Lifecycle::Lifecycle(const TrackerConfig& config, const MotionModel& motion)
    : config_(config),
      motion_(motion),
      weighs_directions_(
          std::ranges::any_of(config.stages, [](const StageConfig& stage) { return stage.direction_weight > 0; })),
      recovers_(std::ranges::any_of(
          config.stages, [](const StageConfig& stage) { return stage.appearance == AppearanceMode::recover; })) {}

TrackRecord Lifecycle::initiate(const Scene& scene, const Appearance& appearance, int number) const {
  const auto& observation = scene.observations[number];
  TrackRecord track;
  track.filter = motion_.initiate(observation.box);
  track.agile = track.at_observation = track.filter;
  track.box = observation.box;
  track.observed = observation.box;
  if (observation.rotated) track.rotation = start_rotation(*observation.rotated, observation.box);
  track.detection = observation.source;
  track.last_seen_s = scene.now_s;
  track.score = track.previous_score = track.score_sum = observation.score;
  track.belief = ClassBelief(observation.class_id, observation.score);
  track.direction.start(observation.box);
  appearance.remember(track, number, observation.score);
  return track;
}

void Lifecycle::update(TrackRecord& track, const Scene& scene, const Appearance& appearance, int number) const {
  const auto& observation = scene.observations[number];
  if (config_.reupdate && track.frames_since_update > 1) update_along_straight_path(track, scene, observation.box);
  const double hidden = config_.occlusion_noise == 0 ? 0 : hidden_share(scene, number, config_.birth_score);
  motion_.correct(track.filter, observation.box, observation.score, hidden);
  if (config_.learn_motion) motion_.correct_agile(track.agile, observation.box, observation.score, hidden);
  track.at_observation = track.filter;
  track.box = motion_.box(track.filter, track.agile, scene.traits.output_agility);
  if (weighs_directions_) track.direction.observe(observation.box, track.observed);
  track.observed = observation.box;
  if (observation.rotated && track.rotation) {
    correct(*track.rotation, *observation.rotated, observation.box);
  } else {
    track.rotation.reset();
    if (observation.rotated) track.rotation = start_rotation(*observation.rotated, observation.box);
  }
  track.detection = observation.source;
  // A covered box shows another object too. Where appearance recovers tracks, they must not learn to look like it.
  const bool shows_itself = !recovers_ || !appearance.has(number) || is_mostly_visible(scene, number);
  appearance.remember(track, number, shows_itself ? observation.score : 0);
  track.belief.observe(observation.class_id, observation.score, config_.class_margin);
  track.previous_score = track.score;
  track.score = observation.score;
  track.score_sum += observation.score;
  count_streak(track, config_.return_hits);
  track.frames_since_update = 0;
  track.covered = false;
  track.faded = false;
  track.last_seen_s = scene.now_s;
  ++track.hits;
}

/// OC-SORT's re-update: replaces the prediction during the gap, which drifts, by filtering virtual observations on a
/// straight path at constant speed from the last detection to the new one.
void Lifecycle::update_along_straight_path(TrackRecord& track, const Scene& scene, const Rectangle& found) const {
  const int steps = track.frames_since_update;
  const double duration = scene.lost_s(track) / scene.step_s / steps;
  const auto& lost = track.observed;
  auto filter = track.at_observation;
  for (int step = 1; step < steps; ++step) {
    const double share = static_cast<double>(step) / steps;
    const auto between = [share](double from, double to) { return from + (to - from) * share; };
    const Rectangle virtual_box{between(lost.left, found.left), between(lost.top, found.top),
                                between(lost.right, found.right), between(lost.bottom, found.bottom)};
    motion_.predict(filter, duration, Visibility::seen);
    motion_.correct(filter, virtual_box, 1, 0);
  }
  motion_.predict(filter, duration, Visibility::seen);
  track.filter = filter;
}

bool Lifecycle::is_established(const TrackRecord& track) const {
  constexpr double rounding = 1e-6;  // tolerance for sums of scores
  return track.hits >= config_.confirm_hits && track.score_sum + rounding >= config_.confirm_score_sum;
}

bool Lifecycle::is_over(const TrackRecord& track, const Scene& scene) const {
  if (!track.confirmed) return track.frames_since_update > config_.tentative_misses;
  const int misses = config_.min_misses + (track.covered ? config_.covered_misses : 0);
  return !scene.within(scene.lost_s(track), config_.max_age_s) && track.frames_since_update > misses;
}

bool Lifecycle::may_be_recovered(const TrackRecord& track, const Scene& scene, const Appearance& appearance) const {
  if (!recovers_ || !track.confirmed || track.embedding.size() == 0) return false;
  return scene.within(scene.lost_s(track), config_.appearance_age_s) && recovers(config_, appearance) &&
         share_inside(track.box, scene.size) >= config_.appearance_age_inside;
}

bool Lifecycle::breaks_off(double gap_s, std::optional<double> usual_gap_s) const {
  constexpr double shortest_break_s = 1;
  constexpr double unusual = 3;  // times the previous gap: a stream may be slower than max_age_s throughout
  if (!usual_gap_s || gap_s <= unusual * *usual_gap_s) return false;
  return gap_s > std::max<double>(config_.max_age_s, shortest_break_s);
}

std::vector<int> find_duplicates(const Scene& scene, double max_iou) {
  std::vector<int> lost;  // by left edge
  double widest = 0;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    if (!track.confirmed || track.frames_since_update == 0) continue;
    lost.push_back(static_cast<int>(i));
    widest = std::max(widest, track.box.width());
  }
  const auto left_of = [&](int number) { return scene.tracks[number].box.left; };
  std::ranges::sort(lost, {}, left_of);
  const auto history = [](const TrackRecord& track) { return track.age_frames - track.frames_since_update; };
  std::vector<int> duplicates;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& shown = scene.tracks[i];
    if (!shown.shown()) continue;
    auto other = std::ranges::lower_bound(lost, shown.box.left - widest, {}, left_of);
    for (; other != lost.end() && left_of(*other) < shown.box.right; ++other) {
      if (intersection_over_union(shown.box, scene.tracks[*other].box) <= max_iou) continue;
      duplicates.push_back(history(shown) > history(scene.tracks[*other]) ? *other : static_cast<int>(i));
    }
  }
  std::ranges::sort(duplicates);
  return duplicates;
}

}  // namespace onepass::track
