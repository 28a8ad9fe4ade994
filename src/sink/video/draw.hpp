// Draws tracks into frames: boxes, labels and fading trails, in a constant color per identity.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "onepass/types.hpp"

namespace onepass::sink {

/// Returns a color (BGR) that depends on the id only; consecutive ids differ clearly in hue.
cv::Scalar color_of(std::int64_t id);

/// Returns "person 17", or "17" if the class has no name.
std::string label_of(const Track& track, const std::vector<std::string>& class_names);

/// Returns the names that no font of the system can draw.
std::vector<std::string> undrawable(const std::vector<std::string>& class_names);

/// Returns the rectangle for the label of a box: at the corner of the box where it covers least of the labels in
/// `placed`, and inside the image as far as it fits.
cv::Rect place_label(const cv::Rect& box, cv::Size label, cv::Size image, std::span<const cv::Rect> placed);

/// Draws the tracks of one stream, frame by frame.
class Annotator {
 public:
  /// Names that no font can draw become "class N".
  explicit Annotator(std::vector<std::string> class_names);

  /// Calls update() and then render(): returns a copy of the frame with its tracks and trails. Boxes that were not
  /// detected in this frame are dashed.
  /// @throws std::invalid_argument if the frame has no image.
  cv::Mat draw(const Frame& frame, std::span<const Track> tracks);

  /// Extends the trails by the positions of the boxes.
  void update(const Frame& frame, std::span<const Track> tracks);

  /// Draws the frame that was last given to update(). A copy of the annotator can do this in another thread.
  /// @throws std::invalid_argument if the frame has no image.
  cv::Mat render(const Frame& frame, std::span<const Track> tracks) const;

 private:
  struct TrailPoint {
    Timestamp time;
    cv::Point2f position;  ///< bottom center of the box, where the object stands
  };
  using Trail = std::deque<TrailPoint>;

  void draw_labels(cv::Mat& image, std::span<const Track> tracks) const;
  void draw_trail(cv::Mat& image, std::int64_t id, Timestamp now, int width) const;

  std::vector<std::string> class_names_;
  std::map<std::int64_t, Trail> trails_;
};

}  // namespace onepass::sink
