#include "onepass/pipeline.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

/// Events of frames after they were read, in order.
using Diary = std::vector<std::string>;

class CountedSource : public FrameSource {
 public:
  explicit CountedSource(int frames) : frames_(frames) {}
  const SourceInfo& info() const override { return info_; }
  std::optional<Frame> next() override {
    if (given_ == frames_ && breaks) throw std::runtime_error("the file is cut short");
    if (given_ == frames_) return std::nullopt;
    Frame frame;
    frame.index = given_;
    frame.time = Timestamp(given_ / 30.0);
    frame.size = {640, 480};
    ++given_;
    return frame;
  }
  DecodeErrors errors() const override { return damage; }
  int given() const { return given_; }
  DecodeErrors damage{};
  bool breaks = false;  ///< throws instead of ending

 private:
  int frames_;
  int given_ = 0;
  SourceInfo info_;
};

/// One object that stands still.
class StillDetector : public Detector {
 public:
  explicit StillDetector(Diary& diary, int fails_at = -1) : diary_(diary), fails_at_(fails_at) {}
  std::vector<Detection> detect(const Frame& frame) override {
    if (frame.index == fails_at_) throw std::runtime_error("the network broke");
    diary_.push_back("detect " + std::to_string(frame.index));
    return {{{100, 100, 40, 120}, 0.9F, 0, {}}};
  }
  const std::vector<std::string>& class_names() const override { return names_; }

 private:
  Diary& diary_;
  int fails_at_;
  std::vector<std::string> names_ = {"person"};
};

class DiarySink : public TrackSink {
 public:
  DiarySink(Diary& diary, std::string name) : diary_(diary), name_(std::move(name)) {}
  void write(const Frame& frame, std::span<const Track> tracks) override {
    diary_.push_back(name_ + " " + std::to_string(frame.index) + " with " + std::to_string(tracks.size()));
  }
  void close() override {
    diary_.push_back(name_ + " closed");
    if (fails_on_close) throw std::runtime_error(name_ + " is full");
  }
  bool wants_stop() const override { return stop; }
  bool fails_on_close = false;
  bool stop = false;

 private:
  Diary& diary_;
  std::string name_;
};

struct Scene {
  explicit Scene(int frames, int fails_at = -1) : source(frames), detector(diary, fails_at) {
    for (const char* name : {"a", "b"}) {
      auto sink = std::make_unique<DiarySink>(diary, name);
      (name[0] == 'a' ? first : second) = sink.get();
      sinks.push_back(std::move(sink));
    }
  }
  Diary diary;
  CountedSource source;
  StillDetector detector;
  Tracker tracker{TrackerConfig{}, 30};
  Sinks sinks;
  DiarySink* first = nullptr;
  DiarySink* second = nullptr;
};

TEST(Run, WalksEveryFrameFromSourceToSinks) {
  Scene scene(2);
  const auto statistics = run(scene.source, scene.detector, scene.tracker, scene.sinks);
  EXPECT_EQ(scene.diary, (Diary{"detect 0", "a 0 with 1", "b 0 with 1", "detect 1", "a 1 with 1", "b 1 with 1",
                                "a closed", "b closed"}));
  EXPECT_EQ(statistics.frames, 2);
  EXPECT_EQ(statistics.identities, 1);
  EXPECT_FALSE(statistics.stopped);
  EXPECT_GE(statistics.total_s, statistics.detect_s);
}

TEST(Run, ShowsAnObserverTheDetectionsAfterTheSinks) {
  Scene scene(2);
  RunOptions options;
  options.observe = [&](const Frame& frame, const FrameResult& result) {
    EXPECT_EQ(result.tracks.size(), 1U);
    scene.diary.push_back("observe " + std::to_string(frame.index) + " of " + std::to_string(result.detections.size()));
  };
  run(scene.source, scene.detector, scene.tracker, scene.sinks, options);
  EXPECT_EQ(scene.diary, (Diary{"detect 0", "a 0 with 1", "b 0 with 1", "observe 0 of 1", "detect 1", "a 1 with 1",
                                "b 1 with 1", "observe 1 of 1", "a closed", "b closed"}));
}

TEST(Run, ClosesSinksOnAnEmptySource) {
  Scene scene(0);
  EXPECT_EQ(run(scene.source, scene.detector, scene.tracker, scene.sinks).frames, 0);
  EXPECT_EQ(scene.diary, (Diary{"a closed", "b closed"}));
}

TEST(Run, StopsWhenAskedAndClosesSinks) {
  Scene scene(100);
  int seen = 0;
  RunOptions options;
  options.stop = [&] { return seen == 3; };
  options.progress = [&](const RunStatistics& statistics) { seen = static_cast<int>(statistics.frames); };
  const auto statistics = run(scene.source, scene.detector, scene.tracker, scene.sinks, options);
  EXPECT_TRUE(statistics.stopped);
  EXPECT_EQ(statistics.frames, 3);
  EXPECT_EQ(scene.diary.back(), "b closed");
}

TEST(Run, DoesTheSameWithAndWithoutReadingAhead) {
  std::vector<Diary> diaries;
  for (const std::size_t frames : {0, 1, 2, 50}) {
    Scene scene(20);
    run(scene.source, scene.detector, scene.tracker, scene.sinks, {.read_ahead = frames});
    diaries.push_back(scene.diary);
  }
  EXPECT_EQ(diaries[0].size(), 62U);
  for (const auto& diary : diaries) EXPECT_EQ(diary, diaries[0]);
}

TEST(Run, ReportsTheErrorsOfTheSourceWithAndWithoutReadingAhead) {
  for (const std::size_t frames : {0, 2}) {
    for (const int count : {0, 3}) {
      Scene scene(count);
      scene.source.damage = {.concealed = 2, .undecodable = 1};
      RunOptions options{.read_ahead = frames};
      options.progress = [&](const RunStatistics& so_far) { EXPECT_EQ(so_far.errors, scene.source.damage); };
      const auto statistics = run(scene.source, scene.detector, scene.tracker, scene.sinks, options);
      EXPECT_EQ(statistics.errors, scene.source.damage) << count << " frames, read ahead: " << frames;
    }
  }
}

TEST(Run, ReadsNoFurtherAheadThanAsked) {
  Scene scene(100);
  RunOptions options{.read_ahead = 3};
  options.progress = [&](const RunStatistics& statistics) { scene.first->stop = statistics.frames == 10; };
  run(scene.source, scene.detector, scene.tracker, scene.sinks, options);
  EXPECT_GE(scene.source.given(), 10);
  EXPECT_LE(scene.source.given(), 10 + 3 + 1);  // the held frames and the one being read
}

TEST(Run, TracksAllFramesBeforeTheSourceBreaks) {
  Scene scene(5);
  scene.source.breaks = true;
  EXPECT_THROW(run(scene.source, scene.detector, scene.tracker, scene.sinks), std::runtime_error);
  EXPECT_EQ(std::ranges::count(scene.diary, "a 4 with 1"), 1);
  EXPECT_EQ(scene.diary.back(), "b closed");
}

TEST(Run, StopsWhenASinkAsks) {
  Scene scene(100);
  scene.second->stop = true;
  EXPECT_EQ(run(scene.source, scene.detector, scene.tracker, scene.sinks).frames, 0);
}

TEST(Run, KeepsWhatIsWrittenWhenSomethingThrows) {
  Scene scene(10, 2);
  scene.first->fails_on_close = true;
  try {
    run(scene.source, scene.detector, scene.tracker, scene.sinks);
    FAIL() << "the error was lost";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "the network broke");
  }
  EXPECT_EQ(scene.diary.back(), "b closed");
}

TEST(Run, ReportsTheFirstErrorOfClosingAfterClosingAll) {
  Scene scene(1);
  scene.first->fails_on_close = true;
  EXPECT_THROW(run(scene.source, scene.detector, scene.tracker, scene.sinks), std::runtime_error);
  EXPECT_EQ(scene.diary.back(), "b closed");
}

}  // namespace
}  // namespace onepass::pipeline
