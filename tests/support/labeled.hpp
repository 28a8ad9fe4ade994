// Builds small labeled sequences.
#pragma once

#include <vector>

#include "onepass/labels.hpp"

namespace onepass::test {

using LabeledFrames = std::vector<std::vector<LabeledBox>>;

/// A box of 10 × 10 pixels at the top of the picture.
inline LabeledBox labeled_box(std::int64_t id, double left, int class_id = 1, double mark = 1) {
  return {.id = id, .left = left, .top = 0, .width = 10, .height = 10, .class_id = class_id, .score = mark};
}

inline LabeledSequence labeled_sequence(const LabeledFrames& frames) {
  LabeledSequence result;
  for (const auto& frame : frames) result.add_frame(frame);
  return result;
}

}  // namespace onepass::test
