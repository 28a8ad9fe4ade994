// Sequences of detections to track without images: read from a MOTChallenge folder.
#pragma once

#include <filesystem>
#include <vector>

#include "onepass/tracker.hpp"

namespace onepass::test {

struct Sequence {
  double frame_rate = 30;
  cv::Size size;
  std::vector<std::vector<Detection>> frames;
};

/// Reads seqinfo.ini and det/det.txt; every detection is a person (class 0).
Sequence read_sequence(const std::filesystem::path& folder);

/// The frame at this position of a sequence.
Frame frame_at(const Sequence& sequence, std::int64_t index);

/// Tracks every `stride`-th frame, from the first; the result has one entry per tracked frame.
std::vector<std::vector<Track>> track_sequence(const Sequence& sequence, const TrackerConfig& config, int stride = 1);

}  // namespace onepass::test
