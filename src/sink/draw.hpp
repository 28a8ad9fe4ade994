// The picture that people see: boxes, labels and fading trails, in colours that stay with an identity.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "onepass/types.hpp"

namespace onepass {

/// A colour (BGR) that depends on the id alone; ids that follow each other differ clearly in hue.
cv::Scalar color_of(std::int64_t id);

/// "person 17", or "17" where the class has no name.
std::string label_of(const Track& track, const std::vector<std::string>& class_names);

/// Where the label of a box is put: at a corner of the box, always inside the image as far as it fits, and where
/// labels placed before leave room; if they leave none, where it covers least of them.
cv::Rect place_label(const cv::Rect& box, cv::Size label, cv::Size image, std::span<const cv::Rect> placed);

/// Draws the tracks of one stream, frame by frame.
class Annotator {
 public:
  explicit Annotator(std::vector<std::string> class_names) : class_names_(std::move(class_names)) {}

  /// The frame with its tracks; boxes that were not detected in this frame are dashed. Remembers where the boxes stood,
  /// to draw trails: follow() and picture() in one.
  /// @throws std::runtime_error if the frame has no image.
  cv::Mat draw(const Frame& frame, std::span<const Track> tracks);

  /// Remembers where the boxes stood, for a picture that may be drawn of this frame or a later one.
  void follow(const Frame& frame, std::span<const Track> tracks);

  /// The picture of the frame that was followed last. A copy of the annotator can draw it in another thread.
  /// @throws std::runtime_error if the frame has no image.
  cv::Mat picture(const Frame& frame, std::span<const Track> tracks) const;

 private:
  struct TrailPoint {
    Timestamp time;
    cv::Point2f position;  ///< bottom centre of the box, where the object stands
  };
  using Trail = std::deque<TrailPoint>;

  void draw_labels(cv::Mat& image, std::span<const Track> tracks) const;
  void draw_trail(cv::Mat& image, std::int64_t id, Timestamp now, int width) const;

  std::vector<std::string> class_names_;
  std::map<std::int64_t, Trail> trails_;
};

}  // namespace onepass
