#include "detect/shape_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "detect/mask_decoder.hpp"
#include "embed/pooling/map_view.hpp"

namespace onepass::detect {
namespace {

/// @throws std::runtime_error if the sizes differ from those of the level's boxes: they depend on the model file.
model::Tensor checked_map(const model::Tensor& map, const model::Tensor& boxes, int channels, std::size_t level) {
  const bool fits = map.dim() == 4 && map.size(0) == 1 && map.size(1) == boxes.size(1) &&
                    map.size(2) == boxes.size(2) && map.size(3) == channels;
  if (!fits)
    throw std::runtime_error(fmt::format("the sizes of the model's level {} maps of shapes do not match", level));
  return map;
}

float sigmoid(float x) { return 1.0F / (1.0F + std::exp(-x)); }

}  // namespace

ShapeDecoder::ShapeDecoder(const model::NetworkOutput& output, const model::Head& head, const Letterbox& letterbox)
    : head_(head), letterbox_(letterbox) {
  if (head.mask_channels == 0 && head.keypoints.count == 0) return;
  if (head.kind == model::HeadKind::rows) rows_ = output.rows;
  for (std::size_t i = 0; i < output.levels.size(); ++i) {
    const auto& level = output.levels[i];
    if (head.kind == model::HeadKind::anchors) {
      masks_.push_back(level.boxes);
    } else if (head.mask_channels > 0) {
      masks_.push_back(checked_map(level.masks, level.boxes, head.mask_channels, i));
    } else {
      keypoints_.push_back(checked_map(level.keypoints, level.boxes, head.keypoints.channels(), i));
    }
  }
  if (head.mask_channels == 0) return;
  const auto& prototypes = output.prototypes;
  if (prototypes.dim() != 4 || prototypes.size(1) < 1 || prototypes.size(2) < 1 ||
      prototypes.size(3) != head.mask_channels)
    throw std::runtime_error("the model's prototypes of masks do not have the size that they must have");
  prototypes_ = prototypes;
}

/// The values that describe the candidate: in its row, or at its cell.
std::span<const float> ShapeDecoder::values_of(const CandidateBox& candidate, const std::vector<model::Tensor>& maps,
                                               int row_column, int count) const {
  const auto length = static_cast<std::size_t>(count);
  if (head_.kind == model::HeadKind::rows)
    return {rows_.floats().data() + candidate.number * rows_.size(2) + row_column, length};
  const auto view = embed::view_of(maps[static_cast<std::size_t>(candidate.anchor.level)]);
  const float* cell = view.cell(candidate.anchor.y, candidate.anchor.x);
  if (head_.kind == model::HeadKind::dfl) return {cell, length};
  const int before = 5 + head_.class_count;  // each anchor's box, objectness and classes come first
  return {cell + candidate.number * (before + head_.mask_channels) + before, length};
}

std::vector<Keypoint> ShapeDecoder::keypoints_of(const CandidateBox& candidate) const {
  const auto& layout = head_.keypoints;
  const auto values = values_of(candidate, keypoints_, head_.rows.keypoint_column, layout.channels());
  const bool decoded = head_.kind == model::HeadKind::rows;
  const auto& cell = candidate.anchor;
  const bool centered = layout.coding == model::KeypointCoding::center;
  const float factor = centered ? 1 : 2, offset = centered ? 0.5F : 0;
  const auto pixels = [&](float value, int place) {
    if (decoded) return value;
    const auto stride = static_cast<float>(head_.strides[static_cast<std::size_t>(cell.level)]);
    return (factor * value + static_cast<float>(place) + offset) * stride;
  };
  const auto in_frame = [](float value, int padding, float scale, int side) {
    return std::clamp((value - static_cast<float>(padding)) / scale, 0.0F, static_cast<float>(side));
  };
  std::vector<Keypoint> keypoints;
  for (int i = 0; i < layout.count; ++i) {
    const float* value = values.data() + i * layout.values;
    const float x = in_frame(pixels(value[0], cell.x), letterbox_.left, letterbox_.scale_x, letterbox_.frame.width);
    const float y = in_frame(pixels(value[1], cell.y), letterbox_.top, letterbox_.scale_y, letterbox_.frame.height);
    const float score = layout.values < 3 ? 1 : decoded ? value[2] : sigmoid(value[2]);
    keypoints.push_back({x, y, score});
  }
  return keypoints;
}

Shape ShapeDecoder::shape_of(const CandidateBox& candidate, const Box& box) const {
  Shape shape;
  if (candidate.rotated) shape.rotated = to_frame(*candidate.rotated, letterbox_);
  if (head_.keypoints.count > 0) shape.keypoints = keypoints_of(candidate);
  if (head_.mask_channels > 0) {
    const auto coefficients = values_of(candidate, masks_, head_.rows.mask_column, head_.mask_channels);
    shape.mask = decode_mask(embed::view_of(prototypes_), coefficients, letterbox_, box);
  }
  return shape;
}

RotatedBox to_frame(const RotatedBox& box, const Letterbox& letterbox) {
  const float cosine = std::cos(box.angle), sine = std::sin(box.angle);
  const float across_x = cosine / letterbox.scale_x, across_y = sine / letterbox.scale_y;
  const float down_x = -sine / letterbox.scale_x, down_y = cosine / letterbox.scale_y;
  return {(box.center_x - static_cast<float>(letterbox.left)) / letterbox.scale_x,
          (box.center_y - static_cast<float>(letterbox.top)) / letterbox.scale_y,
          box.width * std::hypot(across_x, across_y), box.height * std::hypot(down_x, down_y),
          std::atan2(across_y, across_x)};
}

}  // namespace onepass::detect
