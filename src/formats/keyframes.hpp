// Fills the frames between the keyframes of annotation tools.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/annotations.hpp"

namespace onepass::formats {

/// A box that an annotator has placed.
struct Keyframe {
  Annotation object;
  bool holds = true;  ///< the object stays visible until the next keyframe
};

/// Appends the keyframes, and boxes between those that hold, interpolated linearly as the tools do. The keyframes are
/// ordered by frame.
/// @param fail called with a message if the frames are not increasing, or if more than five million boxes would have to
///        be interpolated in the file; it must throw
void append_filled(const std::vector<Keyframe>& keyframes, std::vector<Annotation>& objects,
                   const std::function<void(const std::string& what)>& fail);

}  // namespace onepass::formats
