// 01: tracks a video with a YOLO model and prints MOTChallenge rows: frame, id, box, score.
#include <cinttypes>
#include <cstdio>
#include <exception>

#include <onepass/detector.hpp>
#include <onepass/frame_source.hpp>
#include <onepass/tracker.hpp>

void track(const char* video, const char* model_file, const char* settings) {
  onepass::Config config;  // every field has a default; docs/parameters.md explains it
  if (settings) onepass::apply_yaml(config, settings);
  const auto source = onepass::open_source(video);
  const auto detector =
      onepass::make_detector(onepass::load_model(model_file, config.detector, config.embed), config.detector);
  onepass::Tracker tracker(config.tracker, source->info().frame_rate);
  while (const auto frame = source->next()) {
    for (const auto& track : tracker.update(detector->detect(*frame), *frame)) {
      const auto& box = track.box;
      std::printf("%" PRId64 ",%" PRId64 ",%.2f,%.2f,%.2f,%.2f,%.4f,-1,-1,-1\n", frame->index + 1, track.id, box.left,
                  box.top, box.width, box.height, track.score);
    }
  }
}

int main(int argc, char** argv) try {
  if (argc < 3) return std::fputs("usage: 01_video_to_tracks VIDEO MODEL [SETTINGS.yaml]\n", stderr), 2;
  track(argv[1], argv[2], argc > 3 ? argv[3] : nullptr);
  return 0;
} catch (const std::exception& error) {
  return std::fprintf(stderr, "%s\n", error.what()), 1;
}
