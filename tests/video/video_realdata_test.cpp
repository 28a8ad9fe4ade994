#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/frame_source.hpp"
#include "support/data.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::video {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// Reads a source to its end and returns its frame count, checking that index and time strictly increase.
std::int64_t count_frames(FrameSource& source, cv::Size size) {
  std::int64_t count = 0;
  Frame previous;
  for (auto frame = source.next(); frame; frame = source.next(), ++count) {
    EXPECT_EQ(frame->image.size(), size);
    if (count > 0) {
      EXPECT_GT(frame->index, previous.index);
      EXPECT_GT(frame->time, previous.time);
    }
    previous = *frame;
  }
  return count;
}

TEST(RealVideo, PeopleWalking) {
  ONEPASS_REAL_DATA(data);
  std::vector<std::string> warnings;
  const auto source = open_source((data / "videos/people-walking.mp4").string(), test::collecting(warnings));
  EXPECT_EQ(source->info().name, "people-walking");
  EXPECT_EQ(source->info().frame_count, 340);
  EXPECT_NEAR(source->info().frame_rate, 25, 0.1);
  EXPECT_EQ(count_frames(*source, {640, 360}), 340);
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(RealVideo, CarDetection) {
  ONEPASS_REAL_DATA(data);
  std::vector<std::string> warnings;
  auto options = test::collecting(warnings);
  options.stride = 2;
  const auto source = open_source((data / "videos/car-detection.mp4").string(), options);
  EXPECT_EQ(source->info().frame_count, 377);
  EXPECT_DOUBLE_EQ(source->info().frame_rate, 12.5);
  EXPECT_EQ(count_frames(*source, {768, 432}), 189);
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(RealVideo, PixelsAreThoseOfOpenCv) {
  ONEPASS_REAL_DATA(data);
  for (const std::string name : {"people-walking.mp4", "car-detection.mp4"}) {
    const auto source = open_source((data / "videos" / name).string());
    cv::VideoCapture capture((data / "videos" / name).string(), cv::CAP_FFMPEG);
    cv::Mat image;
    while (const auto frame = source->next()) {
      ASSERT_TRUE(capture.read(image));
      ASSERT_EQ(cv::norm(image, frame->image, cv::NORM_INF), 0) << name << " " << frame->index;
    }
    EXPECT_FALSE(capture.read(image));
  }
}

TEST(RealVideo, TruncatedFilesKeepWhatDecodes) {
  ONEPASS_REAL_DATA(data);
  const TemporaryFolder folder;
  const auto whole = test::read_file(data / "videos/people-walking.mp4");
  const auto cut = folder.write("cut.mp4", whole.substr(0, whole.size() / 4));
  testing::internal::CaptureStderr();
  const auto source = open_source(cut.string());
  int count = 0;
  const auto error = test::message_of([&] {
    for (; const auto frame = source->next(); ++count) EXPECT_EQ(frame->image.size(), cv::Size(640, 360));
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_GT(count, 60);
  EXPECT_LT(count, 110);
  EXPECT_EQ(error, "cut: the file is truncated after its first " + std::to_string(count) +
                       " frames, which were all delivered");
}

TEST(RealSequence, PetsIsComplete) {
  ONEPASS_REAL_DATA(data);
  std::vector<std::string> warnings;
  const auto source = open_source((data / "mot/PETS09-S2L1").string(), test::collecting(warnings));
  EXPECT_EQ(source->info().frame_rate, 7);
  EXPECT_EQ(count_frames(*source, {768, 576}), 795);
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(RealSequence, MissingImagesOfMot17MiniAreReported) {
  ONEPASS_REAL_DATA(data);
  std::vector<std::string> warnings;
  const auto folder = data / "mot/MOT17-mini/MOT17-02-FRCNN";
  const auto source = open_source(folder.string(), test::collecting(warnings));
  EXPECT_EQ(count_frames(*source, {1920, 1080}), 4);
  EXPECT_THAT(warnings, ElementsAre(StartsWith("MOT17-02-FRCNN: 596 of 600 images are missing from ")));
}

TEST(RealSequence, GivenDetectionsNeedNoImages) {
  ONEPASS_REAL_DATA(data);
  SourceOptions options;
  options.load_images = false;
  const auto frames = test::read_all(*open_source((data / "mot17-valhalf/MOT17-02").string(), options));
  ASSERT_EQ(frames.size(), 299U);
  EXPECT_EQ(frames.back().index, 298);
  EXPECT_EQ(frames.back().size, cv::Size(1920, 1080));
}

}  // namespace
}  // namespace onepass::video
