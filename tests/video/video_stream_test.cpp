#include "video/video_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::video {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(VideoFile, DeliversEveryFrameWithIndexAndTime) {
  const TemporaryFolder folder;
  const auto path = test::write_video(folder / "street.avi", 7, 12.5);
  std::vector<std::string> warnings;
  const auto source = open_video_file(path.string(), test::collecting(warnings));
  EXPECT_EQ(source->info().name, "street");
  EXPECT_DOUBLE_EQ(source->info().frame_rate, 12.5);
  EXPECT_EQ(source->info().size, cv::Size(64, 48));
  EXPECT_EQ(source->info().frame_count, 7);
  EXPECT_FALSE(source->info().live);
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(0, 1, 2, 3, 4, 5, 6));
  for (const auto& frame : frames) {
    EXPECT_NEAR(frame.time.count(), static_cast<double>(frame.index) / 12.5, 1e-6);
    EXPECT_EQ(frame.size, cv::Size(64, 48));
    EXPECT_EQ(frame.image.type(), CV_8UC3);
  }
  EXPECT_FALSE(source->next());
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(VideoFile, TimesIncreaseToTheVeryEnd) {
  // The decoder of H.264 delays frames; OpenCV reports time 0 for those that come after the last packet.
  const TemporaryFolder folder;
  const auto path = test::write_video(folder / "a.mp4", 20, 25, "avc1");
  const auto frames = test::read_all(*open_video_file(path.string(), {}));
  ASSERT_EQ(frames.size(), 20U);
  for (const auto& frame : frames) EXPECT_NEAR(frame.time.count(), static_cast<double>(frame.index) * 0.04, 1e-6);
}

TEST(VideoFile, AStrideKeepsIndicesAndTimes) {
  const TemporaryFolder folder;
  const auto path = test::write_video(folder / "a.avi", 9, 10);
  std::vector<std::string> warnings;
  auto options = test::collecting(warnings);
  options.stride = 4;
  const auto source = open_video_file(path.string(), options);
  EXPECT_EQ(source->info().stride, 4);
  EXPECT_DOUBLE_EQ(source->info().frame_rate, 10);
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 4, 8));
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(0, 4, 8));
  EXPECT_NEAR(frames[2].time.count(), 0.8, 1e-6);
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(VideoFile, DeliversWhatDecodesOfATruncatedFile) {
  const TemporaryFolder folder;
  const auto whole = read_file(test::write_video(folder / "whole.avi", 30, 10));
  const auto path = folder.write("cut.avi", whole.substr(0, whole.size() / 2));
  std::vector<std::string> warnings;
  testing::internal::CaptureStderr();
  const auto source = open_video_file(path.string(), test::collecting(warnings));
  std::vector<Frame> frames;
  const auto error = test::message_of([&] {
    while (auto frame = source->next()) frames.push_back(*frame);
  });
  EXPECT_FALSE(source->next());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_GE(frames.size(), 2U);
  EXPECT_LT(frames.size(), 20U);
  for (const auto& frame : frames) EXPECT_EQ(test::number_of(frame.image), frame.index);
  EXPECT_THAT(error, testing::StartsWith("cut: ended after " + std::to_string(frames.size()) +
                                         " of 30 announced frames; the file seems to be truncated"));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(VideoFile, FramesStayTheirOwnWhenTheNextIsRead) {
  const TemporaryFolder folder;
  const auto source = open_video_file(test::write_video(folder / "a.avi", 3, 10).string(), {});
  const auto first = source->next();
  const auto second = source->next();
  EXPECT_EQ(test::number_of(first->image), 0);
  EXPECT_EQ(test::number_of(second->image), 1);
}

TEST(VideoFile, ReportsDamagedFiles) {
  const TemporaryFolder folder;
  testing::internal::CaptureStderr();
  const auto error_of = [](const std::filesystem::path& path) {
    return message_of([&] { open_video_file(path.string(), {}); });
  };
  const auto text = folder.write("text.mp4", "<html>not found</html>");
  EXPECT_THAT(error_of(text), HasSubstr(text.string() + ": not a video that can be read"));
  const auto rows = folder.write("det.txt", "1,-1,10,20,30,40,0.9,-1,-1,-1\n");  // FFmpeg would play it
  EXPECT_THAT(error_of(rows), HasSubstr("det.txt: not a video that can be read"));
  EXPECT_THAT(error_of(folder.write("empty.mp4", "")), HasSubstr("empty.mp4: not a video that can be read"));
  EXPECT_EQ(error_of(test::write_video(folder / "none.avi", 0, 10)),
            (folder / "none.avi").string() + ": no frame can be read from this video");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(VideoFile, ColonsAndSpacesInANameAreNoProtocol) {
  const TemporaryFolder folder;
  std::filesystem::rename(test::write_video(folder / "a.avi", 2, 10), folder / "12:30 gate.avi");
  const auto source = open_video_file((folder / "12:30 gate.avi").string(), {});
  EXPECT_EQ(source->info().name, "12:30 gate");
  EXPECT_EQ(test::read_all(*source).size(), 2U);
}

TEST(Url, FailsWithoutShowingThePassword) {
  const auto message = message_of([] { open_url("http://user:secret@127.0.0.1:1/stream?token=secret", {}); });
  EXPECT_THAT(message, HasSubstr("http://127.0.0.1:1/stream: cannot be opened"));
  EXPECT_THAT(message, Not(HasSubstr("secret")));
}

TEST(Url, AFileUrlIsAStream) {
  const TemporaryFolder folder;
  const auto path = test::write_video(folder / "street.avi", 4, 10);
  const auto source = open_url("file://" + path.string(), {});
  EXPECT_EQ(source->info().name, "street");
  EXPECT_TRUE(source->info().live);
  EXPECT_FALSE(source->info().frame_count);
  EXPECT_THAT(test::numbers_of(test::read_all(*source)), ElementsAre(0, 1, 2, 3));
}

TEST(Camera, AnAbsentOneIsNamed) {
  testing::internal::CaptureStderr();
  EXPECT_THAT(message_of([] { open_camera("97", {}); }), HasSubstr("camera 97: cannot be opened"));
  EXPECT_THAT(message_of([] { open_camera("99999999999999999999", {}); }),
              EndsWith("there is no camera with this number"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace onepass::video
