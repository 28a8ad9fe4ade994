// Makes people unrecognizable in the frames that other sinks get.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "onepass/track_sink.hpp"
#include "sink/video/blur.hpp"

namespace onepass::sink {

struct BlurOptions {
  std::vector<int> classes{};  ///< to be blurred; empty: all
  BlurredPart part = BlurredPart::whole;
  /// A place stays blurred for this long after it was last occupied, so that a person whom the detector misses in a few
  /// frames does not appear.
  double hold_s = 0.5;
};

/// A box that is to be blurred, whether or not it belongs to a track.
struct SeenBox {
  Box box;
  int class_id = 0;
};

/// What the detector has seen in the current frame, beyond the tracks: people before their track is confirmed.
using SeenBoxes = std::function<std::vector<SeenBox>()>;

/// A sink that passes on every frame to `targets` with a copy of its image, in which the boxes of the chosen classes
/// are unrecognizable: those of tracks (also predicted ones), those of `seen`, and both for hold_s longer. Frames
/// without image are passed on as they are.
std::unique_ptr<TrackSink> make_blurring_sink(
    Sinks targets, const BlurOptions& options, SeenBoxes seen = [] { return std::vector<SeenBox>(); });

}  // namespace onepass::sink
