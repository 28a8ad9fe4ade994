// What a stream has taught about the motion of its objects.
#pragma once

namespace onepass::track {

/// The defaults hold while nothing has been learned, and for streams whose traits are not learned.
struct MotionTraits {
  double agility = 0;            ///< share of the agile filter in predictions, in [0, 1]
  double output_agility = 0;     ///< share of the agile filter in the boxes of matched tracks, in [0, 1]
  double weight_of_heights = 1;  ///< weight of the vertical overlap in the similarity iou_height, in [0, 1]
};

}  // namespace onepass::track
