// 03: a custom sink in onepass's loop. It counts the tracks that cross a vertical line, by direction.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>

#include <onepass/pipeline.hpp>

class LineCounter : public onepass::TrackSink {
 public:
  explicit LineCounter(float x) : x_(x) {}

  void write(const onepass::Frame&, std::span<const onepass::Track> tracks) override {
    for (const auto& track : tracks) {
      const bool is_right = track.box.center_x() > x_;
      const auto [known, is_new] = was_right_.try_emplace(track.id, is_right);
      if (known->second != is_right) ++(is_right ? to_right_ : to_left_);
      known->second = is_right;
    }
  }

  void close() override { std::printf("to the right: %d, to the left: %d\n", to_right_, to_left_); }

 private:
  float x_;
  std::map<std::int64_t, bool> was_right_;
  int to_right_ = 0;
  int to_left_ = 0;
};

int main(int argc, char** argv) try {
  if (argc < 4) return std::fputs("usage: 03_custom_sink SEQUENCE DETECTIONS X\n", stderr), 2;
  const auto source = onepass::open_source(argv[1], {.load_images = false});
  const auto detector = onepass::replay_detections(argv[2], source->info().frame_count, [](const auto&) {});
  onepass::Tracker tracker({}, source->info().frame_rate);
  onepass::Sinks sinks;
  sinks.push_back(std::make_unique<LineCounter>(std::strtof(argv[3], nullptr)));
  onepass::run(*source, *detector, tracker, sinks);
  return 0;
} catch (const std::exception& error) {
  return std::fprintf(stderr, "%s\n", error.what()), 1;
}
