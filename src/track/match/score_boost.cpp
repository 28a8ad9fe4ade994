#include "track/match/score_boost.hpp"

#include <algorithm>
#include <cmath>

#include "track/match/cost.hpp"

namespace onepass::track {
namespace {

constexpr double last_limit = 0.8;        // highest limit for a track that has been lost for long
constexpr double steps_to_last = 20;      // number of missed frames until the limit is the lowest
constexpr double blend_exponent = 1.5;    // of the similarity in a blended score
constexpr double most_crowded_iou = 0.3;  // of newcomers that overlap more than this, only the surest is raised

}  // namespace

void ScoreBoost::apply(Scene& scene) {
  if (config_.boost_factor > 0 || config_.boost_blend < 1 || config_.boost_limit < 1) raise_likely(scene);
  if (config_.boost_newcomers) raise_newcomers(scene);
}

void ScoreBoost::raise_likely(Scene& scene) {
  similarities_.assign(scene.observations.size(), 0);
  fits_.assign(scene.observations.size(), 0);
  for (const auto& track : scene.tracks) {
    const double limit = limit_of(track);
    scene.index.for_each_overlapping(track.box, [&](int number) {
      const double value = intersection_over_union(track.box, scene.observations[number].box);
      similarities_[number] = std::max(similarities_[number], value);
      fits_[number] |= static_cast<char>(value > limit);
    });
  }
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    auto& score = scene.observations[i].score;
    const double similar = similarities_[i];
    const double blended = config_.boost_blend * score + (1 - config_.boost_blend) * std::pow(similar, blend_exponent);
    const double least = fits_[i] ? config_.boost_score : 0;
    score = std::min(std::max({score, config_.boost_factor * similar, blended, least}), 1.0);
  }
}

double ScoreBoost::limit_of(const TrackRecord& track) const {
  if (config_.boost_limit >= 1) return 1;
  const double first = config_.boost_limit;
  const double last = std::min(first, last_limit);
  const double share = std::min((track.frames_since_update - 1) / steps_to_last, 1.0);
  return std::max(first - share * (first - last), last);
}

void ScoreBoost::raise_newcomers(Scene& scene) {
  auto& observations = scene.observations;
  known_.assign(observations.size(), 0);
  for (const auto& track : scene.tracks) {
    scene.index.for_each_overlapping(motion_.gate(track.filter, chi_square_99), [&](int number) {
      if (known_[number]) return;
      known_[number] = motion_.squared_mahalanobis(track.filter, observations[number].box) <= chi_square_99;
    });
  }
  const auto is_surest = [&](int number) {
    bool surest = true;
    scene.index.for_each_overlapping(observations[number].box, [&](int other) {
      if (other == number || known_[other]) return;
      const bool crowded =
          intersection_over_union(observations[number].box, observations[other].box) > most_crowded_iou;
      const auto& [a, b] = std::tie(observations[number].score, observations[other].score);
      if (crowded && (b > a || (b == a && other < number))) surest = false;
    });
    return surest;
  };
  fits_.assign(observations.size(), 0);
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const bool low = !known_[i] && observations[i].score < config_.boost_score;
    fits_[i] = static_cast<char>(low && is_surest(static_cast<int>(i)));
  }
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (fits_[i]) observations[i].score = config_.boost_score;
  }
}

}  // namespace onepass::track
