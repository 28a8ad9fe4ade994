#include "sink/events/best_shot.hpp"

#include <algorithm>
#include <cmath>

#include "onepass/identity_events.hpp"
#include "sink/video/jpeg.hpp"

namespace onepass::sink {
namespace {

constexpr double clearly_better = 1.15;
constexpr double margin = 0.06;  // border around the box, as a fraction of its longer side

cv::Rect2d rectangle_of(const Box& box) { return {box.left, box.top, box.width, box.height}; }

}  // namespace

cv::Rect view_of(const Box& box, cv::Size frame) {
  const double border = margin * std::max(box.width, box.height);
  const auto clamp = [](double value, int size) { return static_cast<int>(std::clamp<double>(value, 0, size)); };
  const cv::Point top_left(clamp(box.left - border, frame.width), clamp(box.top - border, frame.height));
  const cv::Point bottom_right(clamp(std::ceil(box.right() + border), frame.width),
                               clamp(std::ceil(box.bottom() + border), frame.height));
  return {top_left, bottom_right};
}

bool is_clearly_better(double quality, double best) { return quality > clearly_better * best; }

double view_quality(const Track& track, std::span<const Track> all, cv::Size frame) {
  const auto box = rectangle_of(track.box);
  const auto visible = box & cv::Rect2d(0, 0, frame.width, frame.height);
  if (!(visible.area() > 0)) return 0;
  double covered = 0;
  for (const auto& other : all) {
    if (other.id != track.id && other.box.bottom() > track.box.bottom())
      covered = std::max(covered, (box & rectangle_of(other.box)).area() / box.area());
  }
  return track.score * visible.height * (visible.area() / box.area()) * (1 - covered);
}

bool improve(BestShot& best, const Frame& frame, const Track& track, std::span<const Track> all) {
  if (frame.image.empty()) return false;
  const double quality = view_quality(track, all, frame.image.size());
  if (!is_clearly_better(quality, best.quality)) return false;
  const auto view = view_of(track.box, frame.image.size());
  if (view.empty()) return false;
  best = {shrunk(frame.image(view), best_shot_size).clone(), quality};
  return true;
}

}  // namespace onepass::sink
