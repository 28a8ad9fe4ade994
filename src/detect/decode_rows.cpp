#include "detect/decode_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::detect {
namespace {

using model::RowBoxes;
using model::RowScores;

/// The best class of a row.
struct Best {
  float score = 0;
  int class_id = 0;
};

class RowDecoder {
 public:
  RowDecoder(const model::Head& head, model::ImageSize input, float conf) : head_(head), input_(input), conf_(conf) {}

  int columns_needed() const {
    const int classes = head_.class_count;
    const int scores = head_.rows.scores == RowScores::best         ? 2
                       : head_.rows.scores == RowScores::objectness ? 1 + classes
                                                                    : classes;
    const int masks = head_.rows.mask_column < 0 ? 0 : head_.rows.mask_column + head_.mask_channels;
    const int keypoints = head_.rows.keypoint_column < 0 ? 0 : head_.rows.keypoint_column + head_.keypoints.channels();
    return std::max({4 + scores, head_.rows.angle_column + 1, masks, keypoints});
  }

  /// Appends the row's candidate if it scores above the threshold.
  void decode(const float* row, int number, const embed::AnchorCell& anchor, std::vector<CandidateBox>& result) const {
    const auto best = best_of(row + 4);
    if (!(best.score > conf_) || best.class_id < 0) return;
    auto box = box_of(row, anchor);
    std::optional<RotatedBox> rotated;
    if (head_.rows.angle_column >= 0) {
      const float angle = row[head_.rows.angle_column];
      rotated = {box.center_x(), box.center_y(), box.width, box.height, angle};
      box = around_turned(box, angle);
    }
    const auto is_same = [&](const CandidateBox& other) { return other.box == box; };
    if (head_.rows.scores == RowScores::best && std::ranges::any_of(result, is_same)) return;
    result.push_back({box, best.score, best.class_id, anchor, number, rotated});
  }

 private:
  Best best_of(const float* scores) const {
    switch (head_.rows.scores) {
      case RowScores::best: {
        const bool is_class = scores[1] >= 0 && scores[1] < static_cast<float>(head_.class_count);
        return {scores[0], is_class ? static_cast<int>(scores[1]) : -1};
      }
      case RowScores::objectness: {
        if (!(scores[0] > conf_)) return {};  // the score cannot exceed the objectness
        const auto best = highest(scores + 1);
        return {scores[0] * best.score, best.class_id};
      }
      case RowScores::logits: {
        const auto best = highest(scores);
        return {1 / (1 + std::exp(-best.score)), best.class_id};
      }
      case RowScores::classes:
        break;
    }
    return highest(scores);
  }

  Best highest(const float* scores) const {
    const auto* const best = std::max_element(scores, scores + head_.class_count);
    return {*best, static_cast<int>(best - scores)};
  }

  Box box_of(const float* row, const embed::AnchorCell& anchor) const {
    const bool shares = head_.rows.unit == model::RowUnit::shares;
    const float x_unit = shares ? static_cast<float>(input_.width) : 1;
    const float y_unit = shares ? static_cast<float>(input_.height) : 1;
    const float x = row[0] * x_unit, y = row[1] * y_unit, third = row[2] * x_unit, fourth = row[3] * y_unit;
    if (head_.rows.boxes == RowBoxes::corners) return {x, y, third - x, fourth - y};
    if (head_.rows.boxes == RowBoxes::center) return {x - third / 2, y - fourth / 2, third, fourth};
    const auto stride = static_cast<float>(head_.strides[static_cast<std::size_t>(anchor.level)]);
    const float width = std::exp(row[2]) * stride, height = std::exp(row[3]) * stride;
    const float center_x = (row[0] + static_cast<float>(anchor.x)) * stride;
    const float center_y = (row[1] + static_cast<float>(anchor.y)) * stride;
    return {center_x - width / 2, center_y - height / 2, width, height};
  }

  /// The axis-aligned bounding box of a box that is turned around its center.
  static Box around_turned(const Box& box, float angle) {
    const float cosine = std::abs(std::cos(angle)), sine = std::abs(std::sin(angle));
    const float across = box.width * cosine + box.height * sine;
    const float along = box.width * sine + box.height * cosine;
    return {box.left + (box.width - across) / 2, box.top + (box.height - along) / 2, across, along};
  }

  const model::Head& head_;
  model::ImageSize input_;
  float conf_;
};

/// The cells of all rows; one for all if rows have none.
std::vector<embed::AnchorCell> cells_of(const model::Head& head, model::ImageSize input) {
  std::vector<embed::AnchorCell> cells;
  for (std::size_t level = 0; level < head.strides.size(); ++level)
    for (int number = 0; number < head.rows.rows_per_cell; ++number)
      for (int y = 0; y < input.height / head.strides[level]; ++y)
        for (int x = 0; x < input.width / head.strides[level]; ++x) cells.push_back({static_cast<int>(level), y, x});
  return cells;
}

}  // namespace

std::vector<CandidateBox> decode_rows(const model::Tensor& rows, const model::Head& head, model::ImageSize input,
                                      float conf) {
  if (head.class_count < 1) throw std::runtime_error("the model has no classes");
  const RowDecoder decoder(head, input, conf);
  const bool fits = rows.dim() == 3 && rows.size(0) == 1 && rows.size(2) >= decoder.columns_needed();
  if (!fits) throw std::runtime_error("the model's rows of boxes do not have the columns that they must have");
  const auto count = rows.size(1), columns = rows.size(2);
  const auto cells = cells_of(head, input);
  if (head.rows.rows_per_cell > 0 && static_cast<std::int64_t>(cells.size()) != count)
    throw std::runtime_error(fmt::format("the model returns {} rows of boxes for {} cells", count, cells.size()));
  std::vector<CandidateBox> result;
  const auto* row = rows.floats().data();
  for (std::int64_t i = 0; i < count; ++i, row += columns)
    decoder.decode(row, static_cast<int>(i), cells.empty() ? embed::AnchorCell{} : cells[static_cast<std::size_t>(i)],
                   result);
  return result;
}

}  // namespace onepass::detect
