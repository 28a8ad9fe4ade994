// Overlaps of small labeled sequences, the input of the metrics.
#pragma once

#include "eval/metrics/preprocessing.hpp"
#include "support/labeled.hpp"

namespace onepass::test {

inline eval::OverlapSequence overlaps(const LabeledFrames& truth, const LabeledFrames& result) {
  return eval::preprocess(labeled_sequence(truth), labeled_sequence(result), {});
}

}  // namespace onepass::test
