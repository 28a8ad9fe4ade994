#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/frame_source.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

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

}  // namespace
}  // namespace onepass::video
