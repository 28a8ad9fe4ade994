// Compares embeddings by what they win in tracking, between boxes alone and perfect identities.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "lab/reid_network.hpp"
#include "lab/shared_pass.hpp"
#include "onepass/config.hpp"
#include "onepass/scores.hpp"

namespace onepass::lab {

struct TrackedMethod {
  std::string name;
  Scores scores;
};

/// Tracks a MOTChallenge sequence with the embeddings of every method, on the same detections.
/// @return first "boxes alone", without embeddings; then the methods; last "true identities": the boxes of the first
///         method with the identities of the ground truth, which is the most that embeddings can reach. Empty if `stop`
///         returned true.
/// @throws std::runtime_error if images or ground truth are missing.
std::vector<TrackedMethod> compare_tracking(const std::filesystem::path& sequence, SharedPass& pass,
                                            std::span<ReidNetwork> networks, const TrackerConfig& tracker,
                                            const std::function<bool()>& stop);

/// Returns a table of HOTA, AssA, IDF1 and identity switches.
std::string to_text(std::span<const TrackedMethod> methods);

}  // namespace onepass::lab
