// A track of a person, for sinks.
#pragma once

#include "onepass/types.hpp"

namespace onepass::test {

inline Track person(std::int64_t id, Box box = {10, 20, 30, 60}, float score = 0.9F) {
  Track track;
  track.id = id;
  track.box = box;
  track.score = score;
  return track;
}

}  // namespace onepass::test
