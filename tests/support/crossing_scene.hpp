// A scene with known tracks: two people cross, one is occluded for five frames, a third appears later.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace onepass::test {

/// Writes a MOTChallenge sequence without images (seqinfo.ini and det/det.txt) of `frames` frames at 30 fps.
/// Person A walks right from x = 100 at 5 pixels a frame; person B, on a line 40 pixels lower, left from x = 700; B is
/// not detected in frames 40 to 44; person C stands still from frame 30 on. Frame 50 has no detections at all.
/// From frame 101 on, there are no people.
std::filesystem::path write_crossing(const TemporaryFolder& folder, int frames = 100);

/// Writes a benchmark folder with one such sequence of 100 frames per name, each 10 pixels lower than the previous one,
/// and its ground truth: A and B in all frames, C from frame 30 on, with the identities 1, 2 and 3.
std::filesystem::path write_crossing_benchmark(const TemporaryFolder& folder, const std::vector<std::string>& names);

/// Arguments of onepass that track the detections of such a sequence, followed by `more`.
std::vector<std::string> replay(const std::filesystem::path& sequence, const std::vector<std::string>& more = {});

}  // namespace onepass::test
