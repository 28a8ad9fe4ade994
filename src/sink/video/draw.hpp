// Draws tracks into frames: boxes, labels and fading trails, in a constant color per identity.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "onepass/track_sink.hpp"
#include "onepass/types.hpp"

namespace onepass::sink {

/// Returns a color (BGR) that depends on the id only; consecutive ids differ clearly in hue.
cv::Scalar color_of(std::int64_t id);

/// Returns "person 17", or "17" if the class has no name.
std::string label_of(const Track& track, const std::vector<std::string>& class_names);

/// Returns the names that no font of the system can draw.
std::vector<std::string> undrawable(const std::vector<std::string>& class_names);

/// Draws the tracks of one stream, frame by frame.
class Annotator {
 public:
  /// Names that no font can draw become "class N".
  /// @param counting zones to draw, with what they count
  explicit Annotator(std::vector<std::string> class_names, const Counting& counting = {});

  /// Calls update() and then render(): returns a copy of the frame with its tracks and trails: masks half transparent,
  /// skeletons, and rotated boxes instead of upright ones. Boxes that were not detected in this frame are dashed.
  /// @throws std::invalid_argument if the frame has no image.
  cv::Mat draw(const Frame& frame, std::span<const Track> tracks);

  /// Extends the trails by the positions of the boxes.
  void update(const Frame& frame, std::span<const Track> tracks);

  /// The zones of the last frame, and what they have counted so far.
  const std::vector<Zone>& zones() const { return *zones_; }
  const std::vector<ZoneCounts>& zone_counts() const { return zone_counts_; }

  /// render() draws no zones from now on.
  void hide_zones();

  /// Draws the frame that was last given to update(). A copy of the annotator can do this in another thread.
  /// @throws std::invalid_argument if the frame has no image.
  cv::Mat render(const Frame& frame, std::span<const Track> tracks) const;

 private:
  struct TrailPoint {
    Timestamp time;
    cv::Point2f position;  ///< bottom center of the box, where the object stands
  };
  using Trail = std::deque<TrailPoint>;

  void count(const Frame& frame, std::span<const Track> tracks);
  void draw_labels(cv::Mat& image, std::span<const Track> tracks) const;
  void draw_trail(cv::Mat& image, std::int64_t id, Timestamp now, int width) const;

  std::vector<std::string> class_names_;
  std::map<std::int64_t, Trail> trails_;
  std::shared_ptr<StreamCounter> counter_;          ///< only used by update(), not by copies that render
  std::shared_ptr<const std::vector<Zone>> zones_;  ///< of the last frame
  std::vector<ZoneCounts> zone_counts_;             ///< one per zone
  cv::Size first_size_;                             ///< zones in pixels are given for pictures of this size
};

}  // namespace onepass::sink
