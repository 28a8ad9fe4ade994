// Defines the basic types of onepass: frame, box, detection and track.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <opencv2/core/mat.hpp>

#include "onepass/shape.hpp"

namespace onepass {

/// Seconds since the start of the stream; for a live stream, since its first frame.
using Timestamp = std::chrono::duration<double>;

/// An axis-aligned box in pixels of the original frame; (left, top) is its upper left corner.
struct Box {
  float left = 0;
  float top = 0;
  float width = 0;
  float height = 0;

  float right() const { return left + width; }
  float bottom() const { return top + height; }
  float center_x() const { return left + width / 2; }
  float center_y() const { return top + height / 2; }
  float area() const { return width * height; }

  bool operator==(const Box&) const = default;
};

/// Appearance of an object: a vector of unit norm, or an empty one if there is no embedding.
using Embedding = Eigen::VectorXf;

struct Detection {
  Box box;
  float score = 0;   ///< in [0, 1]
  int class_id = 0;  ///< index into the detector's class names
  Embedding embedding;
  Shape shape{};
};

struct Frame {
  std::int64_t index = 0;  ///< position in the source, from 0; skipped and missing frames are counted
  Timestamp time{0};
  cv::Size size;                                     ///< known even if the image is not loaded
  cv::Mat image;                                     ///< 8-bit BGR; empty if tracking runs on given detections alone
  std::chrono::system_clock::time_point captured{};  ///< wall-clock arrival time of a live frame; the epoch otherwise
  bool concealed = false;                            ///< the decoder has replaced damaged parts of the image
};

/// Errors in the data of a source; the counts only grow.
struct DecodeErrors {
  std::int64_t concealed = 0;    ///< frames with damaged parts, which the decoder has replaced
  std::int64_t undecodable = 0;  ///< frames that could not be decoded at all, or images that could not be read

  std::int64_t total() const { return concealed + undecodable; }
  bool operator==(const DecodeErrors&) const = default;
};

/// Returns such as "3 damaged (2 concealed, 1 undecodable)"; empty without errors.
std::string to_text(const DecodeErrors& errors);

enum class TrackState { tentative, confirmed, lost };

/// Source of a track's box in the current frame.
enum class BoxOrigin { detected, predicted, interpolated };

struct Track {
  std::int64_t id = 0;  ///< consecutive from 1 per tracker, or per shared memory; given at confirmation, never reused
  TrackState state = TrackState::confirmed;
  Box box;
  int class_id = 0;
  float score = 0;  ///< score of the last matched detection, in [0, 1]
  BoxOrigin origin = BoxOrigin::detected;
  int detection = -1;  ///< index of the detection matched in this frame, in the list given to the tracker; -1: none
  Shape shape{};       ///< mask and keypoints of that detection, if any; the rotated box as filtered
};

/// Returns "detected", "predicted" or "interpolated".
const char* to_string(BoxOrigin origin);

/// Returns "tentative", "confirmed" or "lost".
const char* to_string(TrackState state);

/// Intersection over union (IoU) of two boxes, in [0, 1]; 0 if either is empty.
float intersection_over_union(const Box& a, const Box& b);

}  // namespace onepass
