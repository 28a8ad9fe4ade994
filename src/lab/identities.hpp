// Who a detection is, from boxes with known identities.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "onepass/frame_source.hpp"
#include "onepass/metrics.hpp"

namespace onepass::lab {

/// The ground truth of a MOTChallenge sequence folder (gt/gt.txt): pedestrians that are marked to be evaluated.
/// @throws std::runtime_error naming the file that is missing or the row that is wrong.
LabelledSequence read_identities(const std::filesystem::path& sequence, const WarningHandler& warn);

/// Boxes with identities by frame number, from 1.
using TracksByFrame = std::map<std::int64_t, std::vector<LabelledBox>>;

/// Reads a MOTChallenge file, results or ground truth; rows that are marked 0 do not count.
/// @throws std::runtime_error "<file>:<line>: …"
TracksByFrame read_tracks(const std::filesystem::path& file);

/// The identity of every detection: one-to-one matches of the greatest total overlap, at least `min_iou` each.
std::vector<std::optional<std::int64_t>> identify(std::span<const Detection> detections,
                                                  std::span<const LabelledBox> truth, double min_iou);

}  // namespace onepass::lab
