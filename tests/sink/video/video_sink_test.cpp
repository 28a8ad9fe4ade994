#include <sys/resource.h>

#include <csignal>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/videoio.hpp>

#include "onepass/track_sink.hpp"
#include "sink/video/draw.hpp"
#include "support/ffmpeg.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

StreamInfo stream_at(double frame_rate, int stride = 1) {
  StreamInfo stream;
  stream.source.name = "street";
  stream.source.frame_rate = frame_rate;
  stream.source.stride = stride;
  stream.class_names = {"person"};
  return stream;
}

Frame dark_frame(std::int64_t index, cv::Size size = {160, 120}) {
  return {index, Timestamp(static_cast<double>(index) / 10), size, cv::Mat(size, CV_8UC3, cv::Scalar::all(40))};
}

std::vector<Track> one_track() {
  Track track;
  track.id = 3;
  track.box = {60, 40, 50, 60};
  return {track};
}

std::vector<cv::Mat> frames_of(const fs::path& path) {
  cv::VideoCapture capture(path.string(), cv::CAP_FFMPEG);
  std::vector<cv::Mat> frames;
  for (cv::Mat frame; capture.read(frame);) frames.push_back(frame.clone());
  return frames;
}

std::size_t file_count(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

TEST(VideoSink, WritesEveryFrameInEveryContainer) {
  for (const auto* const name : {"out.mp4", "out.mkv", "out.avi", "out.mov", "out.MP4"}) {
    const TemporaryFolder folder;
    testing::internal::CaptureStderr();
    const auto sink = make_video_sink(folder / name, Overwrite::refuse, stream_at(10));
    for (int i = 0; i < 12; ++i) sink->write(dark_frame(i), one_track());
    EXPECT_FALSE(fs::exists(folder / name)) << name;
    sink->close();
    sink->close();
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << name;
    EXPECT_EQ(file_count(folder), 1U) << name;
    const auto frames = frames_of(folder / name);
    ASSERT_EQ(frames.size(), 12U) << name;
    EXPECT_EQ(frames[0].size(), cv::Size(160, 120));
    cv::VideoCapture capture((folder / name).string(), cv::CAP_FFMPEG);
    EXPECT_NEAR(capture.get(cv::CAP_PROP_FPS), 10, 1e-6) << name;
  }
}

TEST(VideoSink, DrawsTheBoxesAtTheirPositions) {
  const TemporaryFolder folder;
  const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10));
  auto track = one_track();
  track[0].box = {400, 200, 300, 300};
  for (int i = 0; i < 3; ++i) sink->write(dark_frame(i, {1280, 720}), track);
  sink->close();
  const auto frame = frames_of(folder / "out.mp4").at(2);
  // Color is stored at half the resolution, so that a thin line is paler than drawn; the filled label is not.
  const auto label = cv::mean(frame(cv::Rect(402, 196, 40, 2)));
  const auto expected = color_of(3);
  for (int channel = 0; channel < 3; ++channel) EXPECT_NEAR(label[channel], expected[channel], 30) << channel;
  const auto edge = cv::mean(frame(cv::Rect(450, 498, 200, 3)));
  const auto inside = cv::mean(frame(cv::Rect(450, 300, 200, 100)));
  EXPECT_GT(cv::norm(edge - inside), 60);
  for (int channel = 0; channel < 3; ++channel) EXPECT_NEAR(inside[channel], 40, 4) << channel;
}

TEST(VideoSink, PlaysInRealTimeWithAStride) {
  const TemporaryFolder folder;
  const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10, 3));
  for (int i = 0; i < 5; ++i) sink->write(dark_frame(3 * i), {});
  sink->close();
  cv::VideoCapture capture((folder / "out.mp4").string(), cv::CAP_FFMPEG);
  EXPECT_NEAR(capture.get(cv::CAP_PROP_FPS), 10 / 3.0, 1e-4);
}

TEST(VideoSink, EveryFrameHasItsOwnTime) {
  for (const auto* const name : {"out.mp4", "out.mkv", "out.mov"}) {
    const TemporaryFolder folder;
    const auto sink = make_video_sink(folder / name, Overwrite::refuse, stream_at(25));
    const std::vector<double> times = {7, 7.04, 7.08, 9, 9.5, 9.54};
    for (std::size_t i = 0; i < times.size(); ++i) {
      auto frame = dark_frame(static_cast<std::int64_t>(i));
      frame.time = Timestamp(times[i]);
      sink->write(frame, {});
    }
    sink->close();
    std::vector<double> shown;
    std::istringstream lines(test::ffprobe(folder / name, "frame=pts_time"));
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) shown.push_back(std::stod(line));
    }
    ASSERT_EQ(shown.size(), times.size()) << name;
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(shown[i], times[i] - 7, 0.0015) << name;
    EXPECT_NEAR(std::stod(test::ffprobe(folder / name, "format=duration")), 2.58, 0.05) << name;
  }
}

TEST(VideoSink, FitsFramesOfOtherSizesIntoTheFirst) {
  const TemporaryFolder folder;
  const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10));
  sink->write(dark_frame(0), {});
  Frame wide = dark_frame(1, {400, 100});
  wide.image = cv::Scalar::all(200);
  sink->write(wide, {});  // scaled by 0.4 to 160x40, between two bars of 40 rows
  sink->write(dark_frame(2, {3, 500}), {});
  sink->close();
  const auto frames = frames_of(folder / "out.mp4");
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[1].size(), cv::Size(160, 120));
  EXPECT_NEAR(cv::mean(frames[1].rowRange(45, 75))[0], 200, 6);
  EXPECT_LT(cv::mean(frames[1].rowRange(0, 35))[0], 10);
  EXPECT_LT(cv::mean(frames[1].rowRange(85, 120))[0], 10);
}

TEST(VideoSink, CompletesWhatItHasWhenDestroyed) {
  const TemporaryFolder folder;
  {
    const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10));
    for (int i = 0; i < 4; ++i) sink->write(dark_frame(i), {});
  }
  EXPECT_EQ(frames_of(folder / "out.mp4").size(), 4U);
}

TEST(VideoSink, WithoutFramesNothingIsLeftBehind) {
  const TemporaryFolder folder;
  const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10));
  EXPECT_THAT(message_of([&] { sink->close(); }), HasSubstr("out.mp4: not written, because there was no frame"));
  EXPECT_EQ(file_count(folder), 0U);
  { make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10)); }
  EXPECT_EQ(file_count(folder), 0U);
}

TEST(VideoSink, AnOldFileOutlivesARunWithoutFrames) {
  const TemporaryFolder folder;
  folder.write("out.mp4", "old");
  { make_video_sink(folder / "out.mp4", Overwrite::replace, stream_at(10)); }
  EXPECT_EQ(test::read_file(folder / "out.mp4"), "old");
}

TEST(VideoSink, AFrameWithoutImageIsAnError) {
  const TemporaryFolder folder;
  const auto sink = make_video_sink(folder / "out.mp4", Overwrite::refuse, stream_at(10));
  Frame frame;
  frame.index = 5;
  EXPECT_THAT(message_of([&] { sink->write(frame, {}); }), HasSubstr("frame 5 has no image"));
}

TEST(VideoSink, RefusesWhatItCannotWriteBeforeAnyWork) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& name, Overwrite overwrite = Overwrite::refuse) {
    return message_of([&] { make_video_sink(folder / name, overwrite, stream_at(10)); });
  };
  EXPECT_EQ(error_of("out.txt"),
            (folder / "out.txt").string() + ": not a supported video file name; use .mp4, .m4v, .mov, .mkv or .avi");
  EXPECT_THAT(error_of("out"), HasSubstr("not a supported video file name"));
  folder.write("old.mp4", "precious");
  EXPECT_THAT(error_of("old.mp4"), HasSubstr("old.mp4: already exists"));
  EXPECT_THAT(error_of("none/out.mp4"), HasSubstr(" does not exist"));
  fs::create_symlink("/dev/null", folder / "null.mp4");
  EXPECT_THAT(error_of("null.mp4", Overwrite::replace), HasSubstr("null.mp4: is not a regular file"));
  EXPECT_EQ(test::read_file(folder / "old.mp4"), "precious");
}

/// Limits the size of files that this process writes to `bytes` during the object's lifetime, to simulate a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{bytes, old_limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

TEST(VideoSink, AFileCutShortByTheSystemIsAnError) {
  for (const auto* const name : {"out.mp4", "out.mkv", "out.avi"}) {
    const TemporaryFolder folder;
    std::string message;
    {
      const FileSizeLimit limit(100'000);
      const auto sink = make_video_sink(folder / name, Overwrite::refuse, stream_at(10));
      message = message_of([&] {
        for (int i = 0; i < 60; ++i) {
          auto frame = dark_frame(i);
          cv::randu(frame.image, 0, 255);  // about 10 kB each
          sink->write(frame, {});
        }
        sink->close();
      });
    }
    EXPECT_THAT(message, HasSubstr((folder / name).string() + ": could not be completed (")) << name;
    EXPECT_FALSE(fs::exists(folder / name)) << name;
    EXPECT_EQ(file_count(folder), 1U) << name;
  }
}

}  // namespace
}  // namespace onepass::sink
