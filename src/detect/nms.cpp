#include "detect/nms.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace onepass::detect {
namespace {

// Only thresholds near zero yield more candidates; the lowest-scored ones would not be kept anyway.
constexpr std::size_t most_candidates = 30000;

/// The Gaussian distribution that a rotated box stands for: center and covariance (xx, yy, xy).
struct Gaussian {
  double x, y, xx, yy, xy;

  explicit Gaussian(const RotatedBox& box) : x(box.center_x), y(box.center_y) {
    const double cosine = std::cos(static_cast<double>(box.angle)), sine = std::sin(static_cast<double>(box.angle));
    const double across = box.width * static_cast<double>(box.width) / 12;
    const double along = box.height * static_cast<double>(box.height) / 12;
    xx = across * cosine * cosine + along * sine * sine;
    yy = across * sine * sine + along * cosine * cosine;
    xy = (across - along) * cosine * sine;
  }
  double determinant() const { return xx * yy - xy * xy; }
};

/// Whether the Bhattacharyya distance of two distributions is below a limit.
bool is_closer(const Gaussian& a, const Gaussian& b, double limit) {
  constexpr double smallest = 1e-12;  // boxes without area have none
  const double xx = a.xx + b.xx, yy = a.yy + b.yy, xy = a.xy + b.xy;
  const double determinant = std::max(xx * yy - xy * xy, smallest);
  const double x = a.x - b.x, y = a.y - b.y;
  const double apart = (xx * y * y + yy * x * x - 2 * xy * x * y) / (4 * determinant);
  if (!(apart < limit)) return false;
  const double product = std::max(a.determinant(), smallest) * std::max(b.determinant(), smallest);
  return apart + 0.5 * std::log(determinant / (4 * std::sqrt(product))) < limit;
}

/// Indices by descending score, at most `most_candidates`.
std::vector<int> by_score(const std::vector<CandidateBox>& candidates) {
  std::vector<int> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) { return candidates[a].score > candidates[b].score; });
  if (order.size() > most_candidates) order.resize(most_candidates);
  return order;
}

std::vector<int> suppress_rotated(const std::vector<CandidateBox>& candidates, float iou, int max_det) {
  const double hellinger = std::clamp(1.0 - iou, 0.0, 1.0);
  const double limit = iou > 1 ? 0 : -std::log1p(-hellinger * hellinger);  // of the distance, at this ProbIoU
  std::vector<int> kept;
  std::map<int, std::vector<Gaussian>> better_by_class;
  for (const int index : by_score(candidates)) {
    if (static_cast<int>(kept.size()) == max_det) break;
    auto& better = better_by_class[candidates[index].class_id];
    const Gaussian own(*candidates[index].rotated);
    const bool dropped =
        std::ranges::any_of(better, [&](const Gaussian& other) { return is_closer(other, own, limit); });
    better.push_back(own);
    if (!dropped) kept.push_back(index);
  }
  return kept;
}

}  // namespace

std::vector<int> suppress(const std::vector<CandidateBox>& candidates, float iou, int max_det) {
  if (!candidates.empty() && candidates.front().rotated) return suppress_rotated(candidates, iou, max_det);
  std::vector<int> kept;
  std::map<int, std::vector<int>> kept_by_class;
  for (const int index : by_score(candidates)) {
    if (static_cast<int>(kept.size()) == max_det) break;
    auto& rivals = kept_by_class[candidates[index].class_id];
    const bool dropped = std::ranges::any_of(
        rivals, [&](int rival) { return intersection_over_union(candidates[rival].box, candidates[index].box) > iou; });
    if (dropped) continue;
    rivals.push_back(index);
    kept.push_back(index);
  }
  return kept;
}

}  // namespace onepass::detect
