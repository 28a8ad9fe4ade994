#include "detect/decode.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <Eigen/Core>

#include "embed/pooling/map_view.hpp"

namespace onepass::detect {
namespace {

float sigmoid(float x) { return 1.0F / (1.0F + std::exp(-x)); }

/// Returns the raw value above which the sigmoid exceeds `probability`; saves computing the sigmoid of lower values.
float logit(float probability) {
  const float p = std::clamp(probability, 1e-9F, 1.0F - 1e-7F);
  return std::log(p / (1.0F - p));
}

/// Returns the expected bin index under the softmax of `bins` raw values; a single value is the distance itself.
float expected_bin(const float* raw, int bins) {
  if (bins == 1) return *raw;
  const float highest = *std::max_element(raw, raw + bins);
  float sum = 0;
  float weighted = 0;
  for (int i = 0; i < bins; ++i) {
    const float weight = std::exp(raw[i] - highest);
    sum += weight;
    weighted += weight * static_cast<float>(i);
  }
  return weighted / sum;
}

/// Returns a rotated box in pixels. Its sides lie at the given distances (in cells) from the cell's center, measured
/// along axes rotated by `angle`.
RotatedBox turned_box(const float* distance, float center_x, float center_y, float angle, float stride) {
  const float cosine = std::cos(angle);
  const float sine = std::sin(angle);
  const float right = (distance[2] - distance[0]) / 2;
  const float down = (distance[3] - distance[1]) / 2;
  const float middle_x = center_x + right * cosine - down * sine;
  const float middle_y = center_y + right * sine + down * cosine;
  return {middle_x * stride, middle_y * stride, (distance[0] + distance[2]) * stride,
          (distance[1] + distance[3]) * stride, angle};
}

/// Like bounding_box(), also of boxes whose sides are negative, which no NMS may keep.
Box upright_box(const RotatedBox& box) {
  const float cosine = std::cos(box.angle);
  const float sine = std::sin(box.angle);
  const float across = std::abs(box.width * cosine) + std::abs(box.height * sine);
  const float along = std::abs(box.width * sine) + std::abs(box.height * cosine);
  return {box.center_x - across / 2, box.center_y - along / 2, across, along};
}

float to_angle(float raw, model::AngleKind kind) {
  return kind == model::AngleKind::radians ? raw : (sigmoid(raw) - 0.25F) * std::numbers::pi_v<float>;
}

void decode_dfl_level(const model::HeadMaps& maps, const model::Head& head, int level, float conf,
                      std::vector<CandidateBox>& result) {
  const auto boxes = embed::view_of(maps.boxes);
  const auto classes = embed::view_of(maps.classes);
  std::optional<embed::MapView> angles;
  if (head.angle != model::AngleKind::none) angles = embed::view_of(maps.angles);
  const auto stride = static_cast<float>(head.strides.at(level));
  const float threshold = logit(conf);
  for (int y = 0; y < classes.height; ++y) {
    for (int x = 0; x < classes.width; ++x) {
      const float* raw = classes.cell(y, x);
      const Eigen::Map<const Eigen::VectorXf> scores(raw, head.class_count);
      if (!(scores.maxCoeff() > threshold)) continue;  // vectorized; nearly all cells end here
      const float* best = std::max_element(raw, raw + head.class_count);
      if (!(*best > threshold)) continue;  // not a number
      const float* bins = boxes.cell(y, x);
      float distance[4];  // from the cell's center to left, top, right and bottom, in cells
      for (int side = 0; side < 4; ++side) distance[side] = expected_bin(bins + side * head.reg_max, head.reg_max);
      const float center_x = static_cast<float>(x) + 0.5F;
      const float center_y = static_cast<float>(y) + 0.5F;
      Box box{(center_x - distance[0]) * stride, (center_y - distance[1]) * stride,
              (distance[0] + distance[2]) * stride, (distance[1] + distance[3]) * stride};
      std::optional<RotatedBox> rotated;
      if (angles) {
        rotated = turned_box(distance, center_x, center_y, to_angle(*angles->cell(y, x), head.angle), stride);
        box = upright_box(*rotated);
      }
      result.push_back({box, sigmoid(*best), static_cast<int>(best - raw), {level, y, x}, 0, rotated});
    }
  }
}

void decode_anchor_level(const model::HeadMaps& maps, const model::Head& head, int level, float conf,
                         std::vector<CandidateBox>& result) {
  const auto cells = embed::view_of(maps.boxes);
  const auto& anchors = head.anchors.at(level);
  const int values_per_anchor = 5 + head.class_count + head.mask_channels;
  const auto stride = static_cast<float>(head.strides.at(level));
  const float threshold = logit(conf);
  for (int anchor = 0; anchor < static_cast<int>(anchors.size()); ++anchor) {
    for (int y = 0; y < cells.height; ++y) {
      for (int x = 0; x < cells.width; ++x) {
        const float* raw = cells.cell(y, x) + anchor * values_per_anchor;
        if (!(raw[4] > threshold)) continue;  // the score cannot exceed the objectness
        const float* first_class = raw + 5;
        const float* best = std::max_element(first_class, first_class + head.class_count);
        const float score = sigmoid(raw[4]) * sigmoid(*best);
        if (!(score > conf)) continue;
        const float center_x = (2 * sigmoid(raw[0]) - 0.5F + static_cast<float>(x)) * stride;
        const float center_y = (2 * sigmoid(raw[1]) - 0.5F + static_cast<float>(y)) * stride;
        const float width = 4 * sigmoid(raw[2]) * sigmoid(raw[2]) * anchors[anchor][0];
        const float height = 4 * sigmoid(raw[3]) * sigmoid(raw[3]) * anchors[anchor][1];
        result.push_back({{center_x - width / 2, center_y - height / 2, width, height},
                          score,
                          static_cast<int>(best - first_class),
                          {level, y, x},
                          anchor});
      }
    }
  }
}

/// Checks the sizes of a level's maps. They depend on the model file, and decoding reads every cell of one map in the
/// others without further checks.
void require_maps(const model::HeadMaps& maps, const model::Head& head, int level) {
  const auto fits = [&](const model::Tensor& map, std::int64_t channels) {
    return map.dim() == 4 && map.size(0) == 1 && map.size(1) == maps.boxes.size(1) &&
           map.size(2) == maps.boxes.size(2) && map.size(3) == channels;
  };
  const auto of_anchor = std::int64_t{5} + head.class_count + head.mask_channels;
  const bool right = head.kind == model::HeadKind::dfl
                         ? fits(maps.boxes, std::int64_t{4} * head.reg_max) && fits(maps.classes, head.class_count) &&
                               (head.angle == model::AngleKind::none || fits(maps.angles, 1))
                         : fits(maps.boxes, static_cast<std::int64_t>(head.anchors.at(level).size()) * of_anchor);
  if (!right) throw std::runtime_error(fmt::format("the sizes of the model's level {} maps do not match", level));
}

}  // namespace

std::vector<CandidateBox> decode(const std::vector<model::HeadMaps>& levels, const model::Head& head, float conf) {
  std::vector<CandidateBox> result;
  for (int level = 0; level < static_cast<int>(levels.size()); ++level) {
    require_maps(levels[level], head, level);
    switch (head.kind) {
      case model::HeadKind::dfl:
        decode_dfl_level(levels[level], head, level, conf, result);
        break;
      case model::HeadKind::anchors:
        decode_anchor_level(levels[level], head, level, conf, result);
        break;
      case model::HeadKind::rows:
        throw std::runtime_error("the model returns rows, not maps");
    }
  }
  return result;
}

}  // namespace onepass::detect
