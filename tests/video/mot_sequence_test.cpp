#include "video/mot_sequence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::video {
namespace {

using test::message_of;
using test::numbered_image;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

constexpr auto* ini =
    "[Sequence]\nname=seq-01\nimDir=img1\nframeRate=5\nseqLength=6\nimWidth=64\nimHeight=48\nimExt=.png\n";

TEST(MotSequence, CountsFramesByTheNumbersOfTheImages) {
  const TemporaryFolder folder;
  folder.write("seqinfo.ini", ini);
  for (int number = 1; number <= 6; ++number)
    test::write_image(folder / ("img1/00000" + std::to_string(number) + ".png"), numbered_image(number));
  folder.write("img1/thumbs.db", "");
  folder.write("img1/000007.png", "beyond the sequence");
  std::vector<std::string> warnings;
  const auto source = open_mot_sequence(folder.path(), test::collecting(warnings));
  EXPECT_EQ(source->info().name, folder.path().filename().string());
  EXPECT_EQ(source->info().frame_rate, 5);
  EXPECT_EQ(source->info().frame_count, 6);
  EXPECT_EQ(source->info().size, cv::Size(64, 48));
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_DOUBLE_EQ(frames[4].time.count(), 0.8);
  EXPECT_EQ(frames[4].size, cv::Size(64, 48));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(MotSequence, ReportsMissingImagesOnceAndInventsNone) {
  const TemporaryFolder folder;
  folder.write("seqinfo.ini", ini);
  test::write_image(folder / "img1/00000002.png", numbered_image(2));  // eight digits, as some data sets have
  test::write_image(folder / "img1/00000005.png", numbered_image(5));
  std::vector<std::string> warnings;
  const auto source = open_mot_sequence(folder.path(), test::collecting(warnings));
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::indices_of(frames), ElementsAre(1, 4));
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(2, 5));
  EXPECT_DOUBLE_EQ(frames[0].time.count(), 0.2);
  EXPECT_THAT(warnings, ElementsAre(folder.path().filename().string() + ": 4 of 6 images are missing from " +
                                    (folder / "img1").string() + " (frame 1, 3, 4, ...); these frames are skipped"));
}

TEST(MotSequence, SkipsAndReportsUnreadableImages) {
  const TemporaryFolder folder;
  folder.write("seqinfo.ini", ini);
  for (int number = 1; number <= 5; ++number)
    test::write_image(folder / ("img1/00000" + std::to_string(number) + ".png"), numbered_image(number));
  folder.write("img1/000003.png", "damaged");
  std::vector<std::string> warnings;
  const auto source = open_mot_sequence(folder.path(), test::collecting(warnings));
  EXPECT_THAT(test::indices_of(test::read_all(*source)), ElementsAre(0, 1, 3, 4));
  ASSERT_EQ(warnings.size(), 3U);
  EXPECT_THAT(warnings[0], EndsWith(" (frame 6); these frames are skipped"));
  EXPECT_THAT(warnings[1], EndsWith("000003.png: cannot be read as an image; the frame is skipped"));
  EXPECT_THAT(warnings[2], EndsWith("img1: 1 of 5 images could not be read"));
}

TEST(MotSequence, WithoutImagesEveryFrameIsDelivered) {
  const TemporaryFolder folder;
  folder.write("seqinfo.ini", ini);
  std::vector<std::string> warnings;
  auto options = test::collecting(warnings);
  options.load_images = false;
  const auto frames = test::read_all(*open_mot_sequence(folder.path(), options));
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 1, 2, 3, 4, 5));
  for (const auto& frame : frames) {
    EXPECT_TRUE(frame.image.empty());
    EXPECT_EQ(frame.size, cv::Size(64, 48));
    EXPECT_DOUBLE_EQ(frame.time.count(), static_cast<double>(frame.index) / 5);
  }
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(MotSequence, AStrideKeepsIndicesAndTimes) {
  const TemporaryFolder folder;
  folder.write("seqinfo.ini", ini);
  for (const int number : {1, 2, 3, 4, 6})
    test::write_image(folder / ("img1/00000" + std::to_string(number) + ".png"), numbered_image(number));
  SourceOptions options;
  options.stride = 2;
  EXPECT_THAT(test::numbers_of(test::read_all(*open_mot_sequence(folder.path(), options))), ElementsAre(1, 3));
  options.load_images = false;
  EXPECT_THAT(test::indices_of(test::read_all(*open_mot_sequence(folder.path(), options))), ElementsAre(0, 2, 4));
}

TEST(MotSequence, ReportsMissingFiles) {
  const TemporaryFolder folder;
  const auto error = [&](const SourceOptions& options = {}) {
    return message_of([&] { open_mot_sequence(folder.path(), options); });
  };
  folder.write("seqinfo.ini", ini);
  EXPECT_EQ(error(),
            (folder / "seqinfo.ini").string() + ": the image folder " + (folder / "img1").string() + " does not exist");
  folder.write("img1/000001.jpg", "the wrong extension");
  EXPECT_THAT(error(), EndsWith("img1: no image such as 000001.png in this folder"));
  folder.write("seqinfo.ini", "[Sequence]\nframeRate=5\nseqLength=6\n");
  SourceOptions without_images;
  without_images.load_images = false;
  EXPECT_THAT(error(without_images),
              EndsWith("no imWidth and imHeight in [Sequence]; they are required if images are not loaded"));
  folder.write("seqinfo.ini", "[Sequence]\nseqLength=6\n");
  EXPECT_THAT(error(), EndsWith("seqinfo.ini: no frameRate in [Sequence]"));
}

}  // namespace
}  // namespace onepass::video
