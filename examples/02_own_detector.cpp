// 02: tracks your own boxes and embeddings. Needs only onepass::tracker: no LibTorch, no video library.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include <onepass/tracker.hpp>

/// Stand-in for a detector: two people walk behind a wide pillar, one from the left and one from the right, turn
/// around there, and come out on the side where they went in. Motion is misleading then; embeddings identify them.
std::vector<onepass::Detection> detect(int frame) {
  if (frame >= 40 && frame < 68) return {};  // behind the pillar
  const auto step = static_cast<float>(frame < 40 ? frame : 107 - frame);
  const onepass::Embedding red = onepass::Embedding::Unit(4, 0);
  const onepass::Embedding blue = onepass::Embedding::Unit(4, 1);
  return {{.box = {100 + 8 * step, 200, 60, 150}, .score = 0.9F, .class_id = 0, .embedding = red},
          {.box = {900 - 8 * step, 200, 60, 150}, .score = 0.9F, .class_id = 0, .embedding = blue}};
}

int main() {
  const double frame_rate = 30;
  onepass::Tracker tracker({}, frame_rate);
  for (int number = 0; number < 108; ++number) {
    onepass::Frame frame;
    frame.index = number;
    frame.time = onepass::Timestamp(number / frame_rate);
    frame.size = {1060, 480};
    for (const auto& track : tracker.update(detect(number), frame)) {
      std::printf("frame %d: %" PRId64 " at %.0f, %.0f\n", number, track.id, track.box.left, track.box.top);
    }
  }
  std::printf("identities: %" PRId64 "\n", tracker.identity_count());
}
