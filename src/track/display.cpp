#include "track/display.hpp"

#include <algorithm>
#include <optional>

namespace onepass::track {
namespace {

/// The boxes of the shown tracks, by left edge.
class ShownBoxes {
 public:
  explicit ShownBoxes(const Scene& scene) {
    for (const auto& track : scene.tracks) {
      if (!track.shown()) continue;
      boxes_.push_back(track.box);
      widest_ = std::max(widest_, track.box.width());
    }
    std::ranges::sort(boxes_, {}, &Rectangle::left);
  }

  /// True if one in front (with a lower bottom edge) covers at least `least_share` of the box.
  bool cover(const Rectangle& box, double least_share) const {
    const auto in_front = [&](const Rectangle& other) { return other.bottom > box.bottom; };
    if (least_share == 0) return std::ranges::any_of(boxes_, in_front);
    const double least = least_share * box.area();
    auto other = std::ranges::lower_bound(boxes_, box.left - widest_ - 1, {}, &Rectangle::left);
    for (; other != boxes_.end() && other->left <= box.right; ++other) {
      if (in_front(*other) && intersection_area(*other, box) >= least) return true;
    }
    return false;
  }

 private:
  std::vector<Rectangle> boxes_;
  double widest_ = 0;
};

/// @param shown made for the first track that needs it
bool is_coasting(const TrackerConfig& config, const TrackRecord& track, const Scene& scene,
                 std::optional<ShownBoxes>& shown) {
  if (track.id == 0 || track.frames_since_update == 0 || track.hits < config.coast_hits) return false;
  const double lost_s = scene.lost_s(track);
  const double covered_s = (1 - scene.traits.agility) * config.coast_s;  // agile objects soon leave their prediction
  if (!scene.within(lost_s, std::max<double>(covered_s, config.coast_open_s))) return false;
  if (share_inside(track.box, scene.size) < config.coast_inside) return false;
  if (scene.within(lost_s, config.coast_open_s)) return true;
  if (!shown) shown.emplace(scene);
  return shown->cover(track.box, config.coast_covered);
}

/// Mask and keypoints of the detection in this frame, if any, and the rotated box: that of the detection or, for the
/// filtered box of the track, as filtered.
Shape shape_of(const TrackRecord& track, const Rectangle& box, bool as_detected,
               std::span<const Detection> detections) {
  Shape shape;
  if (track.detection >= 0) shape = detections[static_cast<std::size_t>(track.detection)].shape;
  if (track.rotation && !(as_detected && shape.rotated)) shape.rotated = rotated_box(*track.rotation, box);
  return shape;
}

}  // namespace

std::vector<Track> tracks_to_show(const TrackerConfig& config, const Scene& scene,
                                  std::span<const Detection> detections) {
  std::vector<Track> result;
  std::optional<ShownBoxes> shown;
  for (const auto& track : scene.tracks) {
    const bool coasting = !track.shown() && is_coasting(config, track, scene, shown);
    if (!track.shown() && !coasting) continue;
    const auto& box = config.show_detected && track.shown() ? track.observed : track.box;
    const bool wide = config.max_aspect > 0 && box.width() > config.max_aspect * box.height();
    if (wide || box.area() <= config.min_area) continue;
    result.push_back({track.id, coasting ? TrackState::lost : TrackState::confirmed, to_box(box),
                      track.belief.class_id(), static_cast<float>(track.score),
                      coasting ? BoxOrigin::predicted : BoxOrigin::detected, track.detection,
                      shape_of(track, box, config.show_detected, detections)});
  }
  std::ranges::sort(result, {}, &Track::id);
  return result;
}

}  // namespace onepass::track
