#include "support/crossing_scene.hpp"

#include <fmt/format.h>

namespace onepass::test {

std::filesystem::path write_crossing(const TemporaryFolder& folder, int frames) {
  std::string detections;
  const auto add = [&](int frame, int left, int top) {
    detections += fmt::format("{},-1,{},{},60,150,0.9,-1,-1,-1\n", frame, left, top);
  };
  for (int frame = 1; frame <= 100; ++frame) {
    if (frame == 50) continue;
    add(frame, 100 + 5 * frame, 200);
    if (frame < 40 || frame > 44) add(frame, 700 - 5 * frame, 240);
    if (frame >= 30) add(frame, 900, 500);
  }
  folder.write("crossing/det/det.txt", detections);
  folder.write("crossing/seqinfo.ini",
               fmt::format("[Sequence]\nname=crossing\nimDir=img1\nframeRate=30\nseqLength={}\nimWidth=1280\n"
                           "imHeight=720\nimExt=.jpg\n",
                           frames));
  return folder / "crossing";
}

}  // namespace onepass::test
