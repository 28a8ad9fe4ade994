#include "embed/pooling/visibility.hpp"

#include <algorithm>

namespace onepass::embed {
namespace {

constexpr float same_object = 0.7F;  // IoU above which two boxes are considered the same object

float common_length(float low, float high, float other_low, float other_high) {
  return std::max(0.0F, std::min(high, other_high) - std::max(low, other_low));
}

}  // namespace

Eigen::VectorXf visible_shares(std::span<const PlacedBox> boxes, std::size_t box, int stripes) {
  const Box& own = boxes[box].box;
  Eigen::VectorXf shares = Eigen::VectorXf::Ones(stripes);
  const float band = own.height / static_cast<float>(stripes);
  if (!(band > 0) || !(own.width > 0)) return shares;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Box& other = boxes[i].box;
    if (i == box || boxes[i].score < confident_score || other.bottom() <= own.bottom()) continue;
    const float width = common_length(own.left, own.right(), other.left, other.right()) / own.width;
    if (width <= 0 || other.top >= own.bottom() || intersection_over_union(own, other) > same_object) continue;
    for (int stripe = 0; stripe < stripes; ++stripe) {
      const float top = own.top + static_cast<float>(stripe) * band;
      const float covered = width * common_length(top, top + band, other.top, other.bottom()) / band;
      shares[stripe] = std::min(shares[stripe], 1 - covered);  // several boxes: the one that covers most counts
    }
  }
  return shares.cwiseMax(0);
}

void weigh_by_visibility(Eigen::MatrixXf& values, std::span<const PlacedBox> boxes, int stripes) {
  const Eigen::Index length = values.rows() / stripes;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const auto shares = visible_shares(boxes, i, stripes);
    if (shares.maxCoeff() <= 0) continue;
    auto column = values.col(static_cast<Eigen::Index>(i));
    for (int stripe = 0; stripe < stripes; ++stripe) column.segment(stripe * length, length) *= shares[stripe];
  }
}

}  // namespace onepass::embed
