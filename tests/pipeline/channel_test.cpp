#include "pipeline/channel.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

/// Two objects at rest, the second from frame 1 on.
class TwoObjects : public Detector {
 public:
  std::vector<Detection> detect(const Frame& frame) override {
    std::vector<Detection> detections = {{{100, 100, 40, 120}, 0.9F, 0, {}}};
    if (frame.index > 0) detections.push_back({{400, 100, 40, 120}, 0.8F, 0, {}});
    return detections;
  }
  const std::vector<std::string>& class_names() const override { return names_; }

 private:
  std::vector<std::string> names_;
};

class LastWritten : public TrackSink {
 public:
  void write(const Frame& frame, std::span<const Track> tracks) override {
    index = frame.index;
    ids.clear();
    for (const auto& track : tracks) ids.push_back(track.id);
  }
  void close() override {}
  std::int64_t index = -1;
  std::vector<std::int64_t> ids;
};

Frame frame_at(std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / 30);
  frame.size = {640, 480};
  return frame;
}

TEST(Channel, AStepReturnsWhatTheSinksWereGiven) {
  TwoObjects detector;
  Tracker tracker(TrackerConfig{}, 30);
  Sinks sinks;
  sinks.push_back(std::make_unique<LastWritten>());
  auto& written = static_cast<LastWritten&>(*sinks.front());
  Channel channel(detector, tracker, sinks);
  FrameResult result;
  for (std::int64_t index = 0; index < 10; ++index) {
    result = channel.step(frame_at(index));
    EXPECT_EQ(written.index, index);
    ASSERT_EQ(written.ids.size(), result.tracks.size());
    for (std::size_t i = 0; i < written.ids.size(); ++i) EXPECT_EQ(written.ids[i], result.tracks[i].id);
  }
  ASSERT_EQ(result.detections.size(), 2U);
  for (const auto& track : result.tracks) {
    const auto& detection = result.detections.at(static_cast<std::size_t>(track.detection));
    EXPECT_NEAR(detection.box.left, track.box.left, 1);
    EXPECT_EQ(detection.score, track.score);
  }
  EXPECT_EQ(written.ids, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(channel.statistics.frames, 10);
  EXPECT_EQ(channel.statistics.identities, 2);
  EXPECT_EQ(channel.statistics.decode_s, 0);
  EXPECT_GT(channel.statistics.detect_s + channel.statistics.track_s + channel.statistics.write_s, 0);
}

}  // namespace
}  // namespace onepass::pipeline
