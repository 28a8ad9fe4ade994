// Small scenes to track: objects that walk along straight lines.
#pragma once

#include <vector>

#include "onepass/tracker.hpp"

namespace onepass::test {

inline Detection detection(float left, float top, float width = 40, float height = 100, float score = 0.9F,
                           int class_id = 0) {
  Detection result;
  result.box = {left, top, width, height};
  result.score = score;
  result.class_id = class_id;
  return result;
}

/// A frame of a 1920x1080 stream with 30 frames a second.
inline Frame frame(std::int64_t index) {
  Frame result;
  result.index = index;
  result.time = Timestamp(static_cast<double>(index) / 30);
  result.size = cv::Size(1920, 1080);
  return result;
}

inline std::vector<std::int64_t> ids_of(const std::vector<Track>& tracks) {
  std::vector<std::int64_t> ids;
  for (const auto& track : tracks) ids.push_back(track.id);
  return ids;
}

/// True if every value of every row is equal, to the bit.
inline bool same_rows(const std::vector<Track>& a, const std::vector<Track>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a[i].id == b[i].id && a[i].box == b[i].box && a[i].state == b[i].state &&
                      a[i].class_id == b[i].class_id && a[i].score == b[i].score && a[i].origin == b[i].origin &&
                      a[i].detection == b[i].detection;
    if (!same) return false;
  }
  return true;
}

}  // namespace onepass::test
