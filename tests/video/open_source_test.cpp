#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/frame_source.hpp"
#include "support/ffmpeg.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "video/open_source.hpp"

namespace onepass::video {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

std::string error_of(const std::string& location, const SourceOptions& options = {}) {
  return message_of([&] { open_source(location, options); });
}

TEST(OpenSource, RecognizesWhatItIsGiven) {
  const TemporaryFolder folder;
  test::write_image(folder / "images/1.png", test::numbered_image(0));
  test::write_image(folder / "sequence/img1/000001.jpg", test::numbered_image(0));
  folder.write("sequence/seqinfo.ini", "[Sequence]\nname=../elsewhere\nframeRate=7\nseqLength=1\n");
  test::write_video(folder / "video.avi", 1, 10);
  EXPECT_EQ(open_source((folder / "images").string())->info().name, "images");
  EXPECT_EQ(open_source((folder / "images/").string())->info().name, "images");
  EXPECT_EQ(open_source((folder / "sequence").string())->info().name, "sequence");
  EXPECT_EQ(open_source((folder / "video.avi").string())->info().name, "video");
  EXPECT_EQ(open_source((folder / "images/1.png").string())->info().name, "1");
  EXPECT_EQ(open_source("file://" + (folder / "video.avi").string())->info().name, "video");
}

TEST(OpenSource, APipelineIsReadLive) {
  EXPECT_EQ(source_name("rtspsrc location=rtsp://user:secret@host/a ! decodebin ! appsink"), "pipeline");
  EXPECT_EQ(error_of("rtspsrc location=rtsp://user:secret@host/a ! decodebin ! appsink"),
            "rtspsrc ! decodebin ! appsink: a GStreamer pipeline can only be read live (setting: live)");
}

TEST(OpenSource, ReportsErrors) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of((folder / "none.mp4").string()), (folder / "none.mp4").string() + ": no such file or folder");
  EXPECT_EQ(error_of((folder / "none/").string()), (folder / "none/").string() + ": no such file or folder");
  EXPECT_THAT(error_of((folder / "img%03d.jpg").string()),
              HasSubstr("img%03d.jpg: no such file or folder; for a series of images, give their folder"));
  const auto file = folder.write("file", "text");
  EXPECT_THAT(error_of((file / "below").string()), HasSubstr("file/below: "));
  EXPECT_THAT(error_of(""), HasSubstr("the source is empty"));
  EXPECT_THAT(error_of("97"), HasSubstr("camera 97"));
  SourceOptions with_stream;
  with_stream.stream = 1;
  EXPECT_EQ(error_of(folder.path().string(), with_stream),
            folder.path().string() + ": only video files and URLs have streams to choose (setting: stream)");
  SourceOptions options;
  options.stride = 0;
  EXPECT_THAT(error_of(file.string(), options), HasSubstr("the stride is 0; it must be 1 or more"));
}

/// Frames that a full run delivers in the span.
std::vector<Frame> frames_within(const std::string& location, const SourceOptions& options, const TimeSpan& span) {
  auto frames = test::read_all(*open_source(location, options));
  std::erase_if(frames, [&](const Frame& frame) {
    return frame.time.count() < span.from_s - 1e-6 || frame.time.count() >= span.to_s - 1e-6;
  });
  return frames;
}

void expect_the_same(const std::string& location, const TimeSpan& span, int stride = 1) {
  SourceOptions options;
  options.stride = stride;
  const auto expected = frames_within(location, options, span);
  const auto source = open_part(location, options, span);
  const auto part = test::read_all(*source);
  ASSERT_EQ(test::indices_of(part), test::indices_of(expected)) << location << " from " << span.from_s;
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_NEAR(part[i].time.count(), expected[i].time.count(), 1e-9);
    EXPECT_EQ(cv::norm(part[i].image, expected[i].image, cv::NORM_INF), 0) << location << ", frame " << part[i].index;
  }
  EXPECT_EQ(source->errors(), DecodeErrors());
  EXPECT_FALSE(source->next());
}

TEST(OpenPart, DeliversTheFramesOfAFullRun) {
  const TemporaryFolder folder;
  // Key frames every 12 frames, and frames that are shown in another order than they are stored.
  const auto make = [&](const std::string& name, std::vector<std::string> codec) {
    std::vector<std::string> arguments{"-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=3"};
    arguments.insert(arguments.end(), codec.begin(), codec.end());
    arguments.push_back((folder / name).string());
    test::ffmpeg(arguments);
    return (folder / name).string();
  };
  const std::vector<std::string> h264{"-c:v", "libx264", "-g", "12", "-bf", "2", "-pix_fmt", "yuv420p"};
  for (const auto& video :
       {make("a.mp4", h264), make("a.mkv", h264), make("a.ts", h264), make("a.avi", {"-c:v", "mpeg4", "-g", "12"})}) {
    for (const auto& span : {TimeSpan{0, 1}, TimeSpan{1, 2}, TimeSpan{0.52, 1.5}, TimeSpan{2.9, 100}, TimeSpan{50, 60}})
      expect_the_same(video, span);
    expect_the_same(video, {1, 2}, 3);
  }
}

TEST(OpenPart, DeliversThePicturesOfFolders) {
  const TemporaryFolder folder;
  folder.write("sequence/seqinfo.ini", "[Sequence]\nframeRate=7\nseqLength=20\nimWidth=64\nimHeight=48\n");
  for (int i = 1; i <= 20; ++i) {
    const auto name = (i < 10 ? "0" : "") + std::to_string(i) + ".png";
    test::write_image(folder / "images" / name, test::numbered_image(i));
    if (i != 9) test::write_image(folder / "sequence/img1" / name, test::numbered_image(i));
  }
  expect_the_same((folder / "images").string(), {0.1, 0.3});
  expect_the_same((folder / "images").string(), {0.1, 0.3}, 2);
  expect_the_same((folder / "sequence").string(), {1, 2});
  expect_the_same((folder / "sequence").string(), {1, 100}, 3);
  SourceOptions without_images;
  without_images.load_images = false;
  const auto part = test::read_all(*open_part((folder / "sequence").string(), without_images, {1, 2}));
  EXPECT_THAT(test::indices_of(part), testing::ElementsAre(7, 8, 9, 10, 11, 12, 13));
}

TEST(OpenPart, RefusesWhatHasNoParts) {
  EXPECT_THAT(
      message_of([] {
        open_part("rtsp://u:secret@host/x", {}, {1, 2});
      }),
      testing::AllOf(HasSubstr("only files and folders can be read in part"), testing::Not(HasSubstr("secret"))));
  const TemporaryFolder folder;
  const auto video = test::write_video(folder / "video.avi", 3, 10).string();
  EXPECT_THAT(message_of([&] { open_part(video, {}, {2, 1}); }), HasSubstr("is empty"));
}

}  // namespace
}  // namespace onepass::video
