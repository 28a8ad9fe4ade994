// Who a detection is, from boxes with known identities.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "onepass/frame_source.hpp"
#include "onepass/metrics.hpp"

namespace onepass::lab {

/// The ground truth of a MOTChallenge sequence folder (gt/gt.txt): pedestrians that are marked to be evaluated.
/// @throws std::runtime_error naming the file that is missing or the row that is wrong.
LabelledSequence read_identities(const std::filesystem::path& sequence, const WarningHandler& warn);

/// The identity of every detection: one-to-one matches of the greatest total overlap, at least `min_iou` each.
std::vector<std::optional<std::int64_t>> identify(std::span<const Detection> detections,
                                                  std::span<const LabelledBox> truth, double min_iou);

}  // namespace onepass::lab
