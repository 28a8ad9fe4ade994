#include "sink/video/blurring_sink.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <optional>

namespace onepass::sink {
namespace {

class BlurringSink : public TrackSink {
 public:
  BlurringSink(Sinks targets, BlurOptions options, SeenBoxes seen)
      : targets_(std::move(targets)), options_(std::move(options)), seen_(std::move(seen)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override {
    remember(frame, tracks);
    Frame blurred = frame;
    if (!frame.image.empty()) {
      std::vector<cv::Rect> regions;
      for (const auto& place : places_) regions.push_back(place.region);
      blurred.image = unrecognizable(frame.image, regions);
    }
    for (auto& target : targets_) target->write(blurred, tracks);
  }

  void idle(const Frame& now) override {
    for (auto& target : targets_) target->idle(now);
  }

  void close() override {
    std::exception_ptr first;
    for (auto& target : targets_) {
      try {
        target->close();
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    }
    if (first) std::rethrow_exception(first);
  }

  bool wants_stop() const override {
    return std::ranges::any_of(targets_, [](const auto& target) { return target->wants_stop(); });
  }

 private:
  struct Place {
    Timestamp time;
    cv::Rect region;
  };

  bool is_chosen(int class_id) const {
    return options_.classes.empty() || std::ranges::find(options_.classes, class_id) != options_.classes.end();
  }

  void remember(const Frame& frame, std::span<const Track> tracks) {
    while (!places_.empty() && (frame.time - places_.front().time).count() > options_.hold_s) places_.pop_front();
    if (frame.image.empty()) return;
    const auto add = [&](const Box& box, int class_id) {
      if (!is_chosen(class_id)) return;
      const auto region = blurred_region(box, options_.part, frame.image.size());
      if (!region.empty()) places_.push_back({frame.time, region});
    };
    for (const auto& track : tracks) add(track.box, track.class_id);
    for (const auto& seen : seen_()) add(seen.box, seen.class_id);
  }

  Sinks targets_;
  BlurOptions options_;
  SeenBoxes seen_;
  std::deque<Place> places_;
};

}  // namespace

std::unique_ptr<TrackSink> make_blurring_sink(Sinks targets, const BlurOptions& options, SeenBoxes seen) {
  return std::make_unique<BlurringSink>(std::move(targets), options, std::move(seen));
}

}  // namespace onepass::sink
