// Moves the tracks with the image, so that they stay on their objects when the camera moves or the resolution changes.
#pragma once

#include <optional>
#include <vector>

#include "track/motion/camera_motion.hpp"
#include "track/motion/image_motion.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// The motion comes from the source that TrackerConfig::camera_motion names.
class CameraCompensation {
 public:
  /// @throws std::runtime_error if the camera motion file cannot be read.
  CameraCompensation(const TrackerConfig& config, const MotionModel& motion);

  /// Applies the motion from the previous frame to this one to the predicted tracks. `passed_steps` is the time
  /// between the two, in units of scene.step_s.
  void apply(Scene& scene, const Frame& frame, double passed_steps);

 private:
  void follow_boxes(Scene& scene, double passed_steps);
  void warp_all(Scene& scene, const Warp& warp) const;
  Shift shift_of_boxes(const Scene& scene);

  const TrackerConfig& config_;
  const MotionModel& motion_;
  std::optional<WarpFile> warps_;
  std::optional<ImageMotion> image_motion_;
  BoxMotion box_motion_;
  cv::Size previous_size_;                      ///< size of the previous frame
  std::optional<std::int64_t> previous_index_;  ///< position of the previous frame in the source
  std::vector<Rectangle> steady_boxes_, sure_boxes_, object_boxes_;
};

}  // namespace onepass::track
