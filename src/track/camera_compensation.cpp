#include "track/camera_compensation.hpp"

#include <utility>

namespace onepass::track {

CameraCompensation::CameraCompensation(const TrackerConfig& config, const MotionModel& motion)
    : config_(config), motion_(motion) {
  if (config.camera_motion == CameraMotion::file) warps_.emplace(config.camera_motion_file);
  if (reads_images(config.camera_motion)) image_motion_.emplace(config.camera_motion);
}

void CameraCompensation::apply(Scene& scene, const Frame& frame, double passed_steps) {
  const auto previous_index = std::exchange(previous_index_, frame.index);
  const auto previous_size = std::exchange(previous_size_, scene.size);
  if (!previous_size.empty() && !scene.size.empty() && previous_size != scene.size) {  // e.g. a camera reconnected
    warp_all(scene, {static_cast<double>(scene.size.width) / previous_size.width, 0, 0, 0,
                     static_cast<double>(scene.size.height) / previous_size.height, 0});
  }
  if (warps_ && previous_index) warp_all(scene, warps_->between(*previous_index, frame.index));
  if (image_motion_) {
    object_boxes_.clear();
    for (const auto& observation : scene.observations) object_boxes_.push_back(observation.box);
    warp_all(scene, image_motion_->estimate(frame.image, object_boxes_));
  }
  if (config_.camera_motion == CameraMotion::boxes) follow_boxes(scene, passed_steps);
}

void CameraCompensation::follow_boxes(Scene& scene, double passed_steps) {
  constexpr double velocity_share = 0.5;  // part of the camera's motion that is expected to continue
  const auto shift = shift_of_boxes(scene);
  warp_all(scene, {1, 0, shift.x, 0, 1, shift.y});
  for (auto& track : scene.tracks) {
    for (auto* filter : {&track.filter, &track.agile}) {
      (*filter)[0].velocity += velocity_share * shift.x / passed_steps;
      (*filter)[1].velocity += velocity_share * shift.y / passed_steps;
    }
  }
}

void CameraCompensation::warp_all(Scene& scene, const Warp& warp) const {
  for (auto& track : scene.tracks) {
    motion_.warp(track.filter, warp);
    motion_.warp(track.agile, warp);
    motion_.warp(track.at_observation, warp);
    track.direction.warp(warp);
    track.observed = warped(track.observed, warp);
    if (track.rotation) track::warp(*track.rotation, warp);
    track.box = motion_.box(track.filter, track.agile, scene.traits.agility);
  }
}

Shift CameraCompensation::shift_of_boxes(const Scene& scene) {
  constexpr int steady_hits = 5;
  constexpr double sure_score = 0.6;
  steady_boxes_.clear();
  for (const auto& track : scene.tracks) {
    const bool steady = track.confirmed && track.frames_since_update <= 2 && track.hits >= steady_hits;
    if (steady) steady_boxes_.push_back(track.box);
  }
  sure_boxes_.clear();
  for (const auto& observation : scene.observations) {
    if (observation.score >= sure_score) sure_boxes_.push_back(observation.box);
  }
  return box_motion_.estimate(steady_boxes_, sure_boxes_);
}

}  // namespace onepass::track
