#include "track/record/view.hpp"

#include <algorithm>

namespace onepass::track {

double hidden_share(const Scene& scene, int observation, double confident_score) {
  constexpr double same_object = 0.8;  // IoU above which two detections are taken for one object
  const auto& box = scene.observations[observation].box;
  double share = 0;
  scene.index.for_each_overlapping(box, [&](int number) {
    const auto& other = scene.observations[number];
    const bool in_front = other.score >= confident_score && other.box.bottom > box.bottom;
    if (!in_front || intersection_over_union(other.box, box) > same_object) return;
    share = std::max(share, intersection_area(other.box, box) / box.area());
  });
  return share;
}

bool is_cut(const Scene& scene, int observation) {
  if (scene.size.empty()) return false;
  constexpr double reach = 0.004;  // of the image's larger side; detectors rarely place an edge on the very last pixel
  const double margin = reach * std::max(scene.size.width, scene.size.height);
  const auto& box = scene.observations[observation].box;
  return box.left < margin || box.top < margin || box.right > scene.size.width - margin ||
         box.bottom > scene.size.height - margin;
}

double visible_share(const Scene& scene, int observation) {
  constexpr double confident_score = 0.4;
  return 1 - hidden_share(scene, observation, confident_score);
}

bool is_mostly_visible(const Scene& scene, int observation) {
  constexpr double most = 0.7;
  return visible_share(scene, observation) >= most;
}

bool is_clear_view(const Scene& scene, int observation) {
  return !is_cut(scene, observation) && is_mostly_visible(scene, observation);
}

}  // namespace onepass::track
