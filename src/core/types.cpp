#include "onepass/types.hpp"

#include <algorithm>

namespace onepass {

const char* to_string(BoxOrigin origin) {
  switch (origin) {
    case BoxOrigin::detected:
      return "detected";
    case BoxOrigin::predicted:
      return "predicted";
    case BoxOrigin::interpolated:
      return "interpolated";
  }
  return "";
}

const char* to_string(TrackState state) {
  switch (state) {
    case TrackState::tentative:
      return "tentative";
    case TrackState::confirmed:
      return "confirmed";
    case TrackState::lost:
      return "lost";
  }
  return "";
}

float intersection_over_union(const Box& a, const Box& b) {
  const float width = std::min(a.right(), b.right()) - std::max(a.left, b.left);
  const float height = std::min(a.bottom(), b.bottom()) - std::max(a.top, b.top);
  if (!(width > 0 && height > 0)) return 0;
  const float intersection = width * height;
  return intersection / (a.area() + b.area() - intersection);
}

}  // namespace onepass
