// Compares tracks with observations for explanations.
#pragma once

#include "onepass/explain.hpp"
#include "track/match/association.hpp"

namespace onepass::track {

/// The comparison of a match; call it before the track is updated with the observation.
Comparison compare_match(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                         const Match& match);

/// Why no stage matched this observation to the track that is nearest to it: the track with an id and the largest IoU
/// or, if none overlaps, the nearest lost track. None if there is no such track.
std::optional<Comparison> compare_rival(std::span<const StageConfig> stages, const Association& association,
                                        const Scene& scene, const Appearance& appearance, int observation);

/// The same for the other lost tracks with an id, the nearest first, at most eight.
/// @param rival id of the track that compare_rival() found
std::vector<Comparison> compare_others(std::span<const StageConfig> stages, const Association& association,
                                       const Scene& scene, const Appearance& appearance, int observation,
                                       std::int64_t rival);

}  // namespace onepass::track
