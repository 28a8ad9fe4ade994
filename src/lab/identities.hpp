// Assigns identities to detections from boxes with known identities.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "onepass/frame_source.hpp"
#include "onepass/metrics.hpp"

namespace onepass::lab {

/// Reads the ground truth of a MOTChallenge sequence folder (gt/gt.txt): the pedestrians that are marked for
/// evaluation.
/// @throws std::runtime_error naming the missing file or the invalid row.
LabeledSequence read_identities(const std::filesystem::path& sequence, const WarningHandler& warn);

/// Boxes with identities by frame number, from 1.
using TracksByFrame = std::map<std::int64_t, std::vector<LabeledBox>>;

/// Reads a MOTChallenge file (results or ground truth); rows with score 0 are skipped.
/// @throws std::runtime_error "<file>:<line>: …"
TracksByFrame read_tracks(const std::filesystem::path& file);

/// Returns the identity of every detection: the one-to-one matching with the largest total IoU, at least `min_iou` per
/// match.
std::vector<std::optional<std::int64_t>> identify(std::span<const Detection> detections,
                                                  std::span<const LabeledBox> truth, double min_iou);

}  // namespace onepass::lab
