#include "track/motion/direction.hpp"

#include <cmath>
#include <numbers>

namespace onepass::track {

void Direction::next_frame() {
  for (std::size_t k = span; k > 0; --k) recent_[k] = recent_[k - 1];
  recent_[0].reset();
}

Direction::Corners Direction::corners_of(const Rectangle& box) {
  return {Vector{box.left, box.top}, {box.left, box.bottom}, {box.right, box.top}, {box.right, box.bottom}};
}

Direction::Vector Direction::unit(Vector vector) {
  const double length = std::hypot(vector.x, vector.y) + 1e-5;
  return {vector.x / length, vector.y / length};
}

void Direction::observe(const Rectangle& box, const Rectangle& last) {
  const auto now = corners_of(box);
  Corners sum;
  for (std::size_t k = 1; k <= span; ++k) {
    const auto before = corners_of(recent_[k].value_or(last));
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const auto way = unit({now[i].x - before[i].x, now[i].y - before[i].y});
      sum[i].x += way.x;
      sum[i].y += way.y;
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double length = std::max(std::hypot(sum[i].x, sum[i].y), 1e-5);
    direction_[i] = {sum[i].x / length, sum[i].y / length};
  }
  recent_[0] = box;
}

const Rectangle& Direction::reference(const Rectangle& last) const {
  for (std::size_t k = span; k > 0; --k) {
    if (recent_[k]) return *recent_[k];
  }
  return last;
}

double Direction::angle_to(const Rectangle& candidate, const Rectangle& last) const {
  const auto now = corners_of(candidate);
  const auto before = corners_of(reference(last));
  double angles = 0;
  bool moved = false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto way = unit({now[i].x - before[i].x, now[i].y - before[i].y});
    const double cosine = way.x * direction_[i].x + way.y * direction_[i].y;
    angles += std::acos(std::clamp(cosine, -1.0, 1.0)) / std::numbers::pi;
    moved = moved || direction_[i].x != 0 || direction_[i].y != 0;
  }
  return moved ? angles / 4 : 0.5;
}

void Direction::warp(const Warp& warp) {
  for (auto& box : recent_) {
    if (box) box = warped(*box, warp);
  }
}

Rectangle warped(const Rectangle& box, const Warp& warp) {
  const double x = warp.xx * box.center_x() + warp.xy * box.center_y() + warp.x;
  const double y = warp.yx * box.center_x() + warp.yy * box.center_y() + warp.y;
  const double half_width = warp.scale() * box.width() / 2;
  const double half_height = warp.scale() * box.height() / 2;
  return {x - half_width, y - half_height, x + half_width, y + half_height};
}

}  // namespace onepass::track
