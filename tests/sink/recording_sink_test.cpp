#include "sink/recording_sink.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/ffmpeg.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

/// A frame of a stream with ten frames per second; the first was captured at noon UTC of 2026-01-31.
Frame frame(std::int64_t index) {
  Frame result;
  result.index = index;
  result.time = Timestamp(static_cast<double>(index) / 10);
  result.size = {64, 48};
  result.image = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(128));
  result.captured = std::chrono::system_clock::from_time_t(1769860800) + std::chrono::milliseconds(100 * index);
  return result;
}

/// Results and files of sinks that can be made to fail.
struct Disk {
  std::map<std::string, std::vector<std::int64_t>> files;
  std::vector<std::string> closed;
  std::vector<std::string> warnings;
  bool full = false;

  class File : public TrackSink {
   public:
    File(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) { disk_.files[path_]; }
    void write(const Frame& written, std::span<const Track>) override {
      if (disk_.full) throw std::runtime_error(path_ + ": no space left");
      disk_.files[path_].push_back(written.index);
    }
    void close() override { disk_.closed.push_back(path_); }

   private:
    Disk& disk_;
    std::string path_;
  };

  RecordingSink record(const fs::path& path, double segment_s) {
    return RecordingSink(
        path, SegmentLength(segment_s),
        [this](const fs::path& part) {
          if (full) throw std::runtime_error(part.string() + ": no space left");
          return std::make_unique<File>(*this, part.filename().string());
        },
        [this](const std::string& warning) { warnings.push_back(warning); });
  }
};

TEST(RecordingSink, SegmentsBeginOnTimeAndLoseNothing) {
  const TemporaryFolder folder;
  Disk disk;
  auto recording = disk.record(folder / "gate.jsonl", 2);
  EXPECT_TRUE(disk.files.empty());
  for (int index = 0; index < 45; ++index) recording.write(frame(index), {});
  recording.close();
  std::vector<std::string> names;
  std::vector<std::int64_t> all;
  for (const auto& [name, indices] : disk.files) {
    names.push_back(name);
    all.insert(all.end(), indices.begin(), indices.end());
  }
  EXPECT_THAT(names,
              ElementsAre("gate-20260131T120000Z.jsonl", "gate-20260131T120002Z.jsonl", "gate-20260131T120004Z.jsonl"));
  EXPECT_EQ(disk.closed, names);
  ASSERT_EQ(all.size(), 45U);
  for (int index = 0; index < 45; ++index) EXPECT_EQ(all[index], index);
  EXPECT_EQ(disk.files[names[1]].front(), 20);
}

TEST(RecordingSink, ATakenNameIsNumbered) {
  const TemporaryFolder folder;
  folder.write("gate-20260131T120000Z.jsonl", "precious");
  Disk disk;
  auto recording = disk.record(folder / "gate.jsonl", 2);
  recording.write(frame(0), {});
  recording.close();
  EXPECT_THAT(disk.closed, ElementsAre("gate-20260131T120000Z-2.jsonl"));
}

TEST(RecordingSink, SegmentsThatBeginInOneSecondShareNoFile) {
  const TemporaryFolder folder;
  folder.write("gate-20260131T120000Z-2.jsonl.part", "of a crash");
  folder.write("gate-20260131T120000Z-3.part.jsonl", "of a crash");
  folder.write("gate-20260131T120000Z-4.jsonl.part.jsonl", "rows of a document");
  Disk disk;
  auto recording = disk.record(folder / "gate.jsonl", 2);
  recording.write(frame(0), {});
  recording.reopen();
  recording.write(frame(1), {});
  recording.close();
  EXPECT_THAT(disk.closed, ElementsAre("gate-20260131T120000Z.jsonl", "gate-20260131T120000Z-5.jsonl"));
}

TEST(RecordingSink, AFullDiskIsSaidOnceAndCounted) {
  const TemporaryFolder folder;
  Disk disk;
  auto recording = disk.record(folder / "gate.jsonl", 2);
  for (int index = 0; index < 10; ++index) recording.write(frame(index), {});
  disk.full = true;
  for (int index = 10; index < 50; ++index) recording.write(frame(index), {});
  EXPECT_EQ(recording.lost_frames(), 40);
  ASSERT_THAT(disk.warnings, testing::SizeIs(1));
  EXPECT_THAT(disk.warnings[0], HasSubstr("no space left; recording stops until the next segment, tracking continues"));
  disk.full = false;
  for (int index = 50; index < 70; ++index) recording.write(frame(index), {});
  recording.close();
  EXPECT_LE(recording.lost_frames(), 59);  // the failed segment ends, and the next one is written
  EXPECT_EQ(disk.files.rbegin()->second.back(), 69);
}

TEST(RecordingSink, WithoutSegmentsItOpensAtOnceAndReopensOnRequest) {
  const TemporaryFolder folder;
  Disk disk;
  auto recording = disk.record(folder / "gate.jsonl", 0);
  EXPECT_TRUE(disk.files.contains("gate.jsonl"));
  recording.write(frame(0), {});
  recording.reopen();
  EXPECT_THAT(disk.closed, ElementsAre("gate.jsonl"));
  recording.write(frame(1), {});
  recording.close();
  EXPECT_THAT(disk.closed, ElementsAre("gate.jsonl", "gate.jsonl"));
  EXPECT_THAT(disk.files["gate.jsonl"], ElementsAre(0, 1));
  disk.full = true;
  EXPECT_THAT(test::message_of([&] { disk.record(folder / "yard.jsonl", 0); }), HasSubstr("no space left"));
}

TEST(RecordingSink, AFolderThatIsNotThereIsRefusedAtOnce) {
  const TemporaryFolder folder;
  Disk disk;
  EXPECT_THAT(test::message_of([&] { disk.record(folder / "missing/gate.jsonl", 2); }),
              StartsWith((folder / "missing/gate.jsonl").string() + ": cannot be written: "));
}

TEST(AppendedText, ContinuesWhatIsThereUnderItsOwnName) {
  const TemporaryFolder folder;
  const auto path = folder.write("log.txt", "before\n");
  const auto sink = make_mot_sink(path, Overwrite::append);
  const Track track{7, TrackState::confirmed, {1, 2, 3, 4}, 0, 0.5F, BoxOrigin::detected};
  sink->write(frame(0), std::span(&track, 1));
  sink->close();
  EXPECT_EQ(test::read_file(path), "before\n1,7,1.00,2.00,3.00,4.00,0.5000,-1,-1,-1\n");
  EXPECT_FALSE(fs::exists(path.string() + ".part"));
}

TEST(LiveVideo, PlaysAsFastAsItWasSeenAndShortensOutages) {
  const TemporaryFolder folder;
  StreamInfo stream;
  stream.source.live = true;
  for (const auto* const name : {"a.mp4", "a.mkv", "a.avi"}) {
    const auto sink = make_video_sink(folder / name, Overwrite::refuse, stream);
    const auto write_at = [&](double time_s) {
      auto at = frame(0);
      at.time = Timestamp(time_s);
      sink->write(at, {});
    };
    for (int i = 0; i < 10; ++i) write_at(0.2 * i);          // 5 per second, for 2 s
    for (int i = 0; i < 120; ++i) write_at(2 + i / 60.0);    // 60 per second, for 2 s
    for (int i = 0; i < 30; ++i) write_at(1000 + i / 15.0);  // after an outage, for 2 s
    sink->close();
    EXPECT_NEAR(std::stod(test::ffprobe(folder / name, "format=duration")), 2 + 2 + 1 + 2, 0.1) << name;
    const bool has_times = std::string(name) != "a.avi";
    if (!has_times) continue;
    EXPECT_EQ(test::ffprobe(folder / name, "stream=nb_read_frames"), "160") << name;
  }
}

TEST(LiveOutputs, ARemovedFileIsNoticedAndCounted) {
  const TemporaryFolder folder;
  StreamInfo stream;
  stream.source.live = true;
  for (const std::string name : {"a.mp4", "a.mkv", "a.avi", "a.jsonl"}) {
    std::vector<std::string> warnings;
    const auto open = [&](const fs::path& path) {
      return name == "a.jsonl" ? make_jsonl_sink(path, Overwrite::append, stream)
                               : make_video_sink(path, Overwrite::refuse, stream);
    };
    RecordingSink recording(folder / name, SegmentLength(0), open,
                            [&](const std::string& line) { warnings.push_back(line); });
    for (int i = 0; i < 10; ++i) recording.write(frame(i), {});
    EXPECT_EQ(recording.lost_frames(), 0) << name;
    for (const auto& entry : fs::directory_iterator(folder.path())) fs::remove(entry.path());
    for (int i = 10; i < 20; ++i) recording.write(frame(i), {});
    EXPECT_EQ(recording.lost_frames(), 10) << name;
    ASSERT_THAT(warnings, testing::SizeIs(1)) << name;
    EXPECT_THAT(warnings[0], HasSubstr("cannot be written: it has been removed; recording stops, tracking continues"));
  }
}

TEST(LiveVideo, CanBePlayedWithoutItsEnd) {
  const TemporaryFolder folder;
  StreamInfo stream;
  stream.source.live = true;
  for (const std::string extension : {".mp4", ".mkv", ".avi"}) {
    const auto sink = make_video_sink(folder / ("a" + extension), Overwrite::refuse, stream);
    for (int i = 0; i < 150; ++i) {
      auto at = frame(i);
      at.time = Timestamp(i / 30.0);
      sink->write(at, {});
    }
    // What a program that is killed now leaves behind.
    fs::copy_file(folder / ("a.part" + extension), folder / ("killed" + extension));
    EXPECT_GE(std::stoi(test::ffprobe(folder / ("killed" + extension), "stream=nb_read_frames")), 150 - 60)
        << extension;
    sink->close();
    EXPECT_EQ(test::ffprobe(folder / ("a" + extension), "stream=nb_read_frames"), "150") << extension;
  }
}

}  // namespace
}  // namespace onepass::sink
