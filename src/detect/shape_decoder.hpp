// Decodes what a network says of an object beyond its box: mask and keypoints.
#pragma once

#include <span>
#include <vector>

#include "detect/candidate_box.hpp"
#include "detect/letterbox.hpp"
#include "model/graph/network_info.hpp"

namespace onepass::detect {

/// Reads shapes from the outputs of one pass, which must outlive it.
class ShapeDecoder {
 public:
  /// @throws std::runtime_error if the outputs do not have the sizes that the head requires.
  ShapeDecoder(const model::NetworkOutput& output, const model::Head& head, const Letterbox& letterbox);

  /// The shape of a candidate, in frame pixels. Keypoints are clipped to the frame, as boxes are; those of a model
  /// without scores have the score 1.
  ///
  /// The mask is the region inside `box` where the sum of the prototypes, weighted by the candidate's coefficients, is
  /// positive, that is the sigmoid above ½ (Bolya et al., YOLACT, 2019); prototypes are interpolated linearly.
  /// @param box of the candidate, in frame pixels
  Shape shape_of(const CandidateBox& candidate, const Box& box) const;

 private:
  std::span<const float> values_of(const CandidateBox& candidate, const std::vector<model::Tensor>& maps,
                                   int row_column, int count) const;
  std::vector<Keypoint> keypoints_of(const CandidateBox& candidate) const;

  const model::Head& head_;
  const Letterbox& letterbox_;
  std::vector<model::Tensor> masks_, keypoints_;  ///< per level
  model::Tensor rows_;
  model::Tensor prototypes_;
};

/// Converts a rotated box from input pixels to frame pixels; it is not clipped.
RotatedBox to_frame(const RotatedBox& box, const Letterbox& letterbox);

}  // namespace onepass::detect
