// Finds identity switches and the numbers of frames matched with the old and the new track.
#pragma once

#include <vector>

#include "eval/metrics/overlaps.hpp"
#include "onepass/labels.hpp"
#include "onepass/scores.hpp"

namespace onepass::eval {

/// One pair of boxes matched by CLEAR.
struct ClearMatch {
  std::int64_t frame = 0;  ///< from 0
  int truth = 0;           ///< dense identity
  int track = 0;           ///< dense identity
  std::size_t row = 0;     ///< index of the ground truth box in the frame, after preprocessing
  std::size_t column = 0;  ///< index of the tracker box in the frame, after preprocessing
};

/// Finds the identity switches in matches that are ordered by frame.
std::vector<IdentitySwitch> find_switches(const OverlapSequence& sequence, const std::vector<ClearMatch>& matches,
                                          const LabeledSequence& truth, const LabeledSequence& result);

/// Returns the worst switches, at most `count`, ordered by the frames lost (the smaller of frames_before and
/// frames_after, descending), then by frame.
std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count);

}  // namespace onepass::eval
