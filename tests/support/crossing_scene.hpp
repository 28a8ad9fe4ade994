// A scene with a known answer: two people cross, one hides for a moment, a third comes later.
#pragma once

#include <filesystem>

#include "support/temporary_folder.hpp"

namespace onepass::test {

/// Copies data/crossing, a MOTChallenge sequence without images (30 fps, 1280×720), and lets it last `frames` frames.
/// Person A walks right from x = 100 at 5 pixels a frame; person B, on a line 40 pixels lower, left from x = 700; B is
/// not detected in frames 40 to 44; person C stands still from frame 30 on. Frame 50 and those after 100 are empty.
std::filesystem::path write_crossing(const TemporaryFolder& folder, int frames = 100);

}  // namespace onepass::test
