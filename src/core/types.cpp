#include "onepass/types.hpp"

#include <fmt/format.h>

#include "core/rectangle.hpp"

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

std::string to_text(const DecodeErrors& errors) {
  if (errors.total() == 0) return "";
  return fmt::format("{} damaged ({} concealed, {} undecodable)", errors.total(), errors.concealed, errors.undecodable);
}

float intersection_over_union(const Box& a, const Box& b) {
  const auto edges = [](const Box& box) { return Edges<float>{box.left, box.top, box.right(), box.bottom()}; };
  return intersection_over_union(intersection_area(edges(a), edges(b)), a.area(), b.area());
}

}  // namespace onepass
