#include "pipeline/detect_ahead.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "onepass/pipeline.hpp"

namespace onepass::pipeline {
namespace {

constexpr int threads = 3;

class CountedSource : public FrameSource {
 public:
  explicit CountedSource(int frames) : frames_(frames) {}
  const SourceInfo& info() const override { return info_; }
  std::optional<Frame> next() override {
    if (given == frames_ && breaks) throw std::runtime_error("the file is cut short");
    if (given == frames_) return std::nullopt;
    Frame frame;
    frame.index = given++;
    frame.time = Timestamp(static_cast<double>(frame.index) / 30);
    frame.size = {640, 480};
    return frame;
  }
  std::atomic<int> given = 0;
  bool breaks = false;  ///< throws instead of ending

 private:
  int frames_;
  SourceInfo info_;
};

/// The first frame is begun last of the first three; frames must be finished in order.
class ParallelDetector : public Detector {
 public:
  std::vector<Detection> detect(const Frame& frame) override { return begin(frame)(); }

  Finish begin(const Frame& frame) override {
    if (frame.index == fails_at) throw std::runtime_error("the network broke");
    if (frame.index == threads - 1) last_begun_.set_value();
    constexpr std::chrono::seconds patience{20};
    if (frame.index == 0 && waits) overlapped = last_.wait_for(patience) == std::future_status::ready;
    return [this, index = frame.index]() -> std::vector<Detection> {
      EXPECT_EQ(index, finished++);
      return {{{100, 100, 40, 120}, 0.9F, 0, {}}};
    };
  }

  int frames_at_once() const override { return at_once; }
  const std::vector<std::string>& class_names() const override { return names_; }

  int at_once = threads;
  std::int64_t fails_at = -1;
  bool waits = false;
  bool overlapped = false;
  std::int64_t finished = 0;

 private:
  std::promise<void> last_begun_;
  std::future<void> last_ = last_begun_.get_future();
  std::vector<std::string> names_;
};

std::string error_of(DetectAhead& ahead) {
  try {
    ahead.next();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(DetectAhead, BeginsSeveralFramesAtOnceAndReturnsThemInOrder) {
  CountedSource source(20);
  ParallelDetector detector;
  detector.waits = true;
  DetectAhead ahead(source, detector, 1);
  for (int i = 0; i < 20; ++i) {
    const auto begun = ahead.next();
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->frame.index, i);
    EXPECT_EQ(begun->finish().size(), 1U);
  }
  EXPECT_TRUE(detector.overlapped);
  EXPECT_FALSE(ahead.next());
  EXPECT_FALSE(ahead.next());
}

TEST(DetectAhead, ReadsNoFurtherAheadThanAsked) {
  CountedSource source(1000);
  ParallelDetector detector;
  {
    DetectAhead ahead(source, detector, 4);
    for (int i = 0; i < 10; ++i) ahead.next();
  }
  EXPECT_GE(source.given, 10);
  EXPECT_LE(source.given, 10 + 4 + threads - 1);
}

TEST(DetectAhead, ADetectorThatNamesNoThreadsGetsOne) {
  CountedSource source(2);
  ParallelDetector detector;
  detector.at_once = 0;
  DetectAhead ahead(source, detector, 1);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(ahead.next());
  EXPECT_FALSE(ahead.next());
}

TEST(DetectAhead, ThrowsAnErrorInPlaceOfItsFrame) {
  for (const bool source_breaks : {true, false}) {
    CountedSource source(source_breaks ? 7 : 100);
    source.breaks = true;
    ParallelDetector detector;
    if (!source_breaks) detector.fails_at = 7;
    DetectAhead ahead(source, detector, 2);
    for (int i = 0; i < 7; ++i) ASSERT_TRUE(ahead.next()) << i;
    EXPECT_EQ(error_of(ahead), source_breaks ? "the file is cut short" : "the network broke");
  }
}

TEST(DetectAhead, RunTracksTheSameFramesAsOneAfterTheOther) {
  for (const std::size_t read_ahead : {0, 1, 5}) {
    CountedSource source(30);
    ParallelDetector detector;
    Tracker tracker(TrackerConfig{}, 30);
    Sinks sinks;
    const auto statistics = run(source, detector, tracker, sinks, {.read_ahead = read_ahead});
    EXPECT_EQ(statistics.frames, 30);
    EXPECT_EQ(statistics.identities, 1);
    EXPECT_EQ(detector.finished, 30);
  }
}

}  // namespace
}  // namespace onepass::pipeline
