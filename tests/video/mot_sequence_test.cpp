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
  EXPECT_THAT(warnings, ElementsAre(source->info().name + ": 1 image of " + (folder / "img1").string() +
                                    " left out (000007.png): a frame is an image with a number, up to seqLength 6"));
}

/// Writes numbered images of these names, with their position as number, and returns what reading the sequence gives.
struct Reading {
  std::vector<std::int64_t> indices;
  std::vector<int> numbers;
  std::vector<std::string> warnings;
};

Reading read(const std::vector<std::string>& names, int length, const std::string& extension = ".jpg") {
  const TemporaryFolder folder;
  folder.write("S/seqinfo.ini",
               "[Sequence]\nframeRate=25\nseqLength=" + std::to_string(length) + "\nimExt=" + extension + "\n");
  for (std::size_t i = 0; i < names.size(); ++i)
    test::write_image(folder / "S/img1" / names[i], numbered_image(static_cast<int>(i)));
  Reading reading;
  const auto source = open_mot_sequence(folder / "S", test::collecting(reading.warnings));
  const auto frames = test::read_all(*source);
  reading.indices = test::indices_of(frames);
  reading.numbers = test::numbers_of(frames);
  for (auto& warning : reading.warnings) {
    if (const auto at = warning.find(folder.path().string()); at != std::string::npos)
      warning.replace(at, folder.path().string().size(), "F");
  }
  return reading;
}

TEST(MotSequence, ImagesHaveTheNamesThatPeopleGiveThem) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> habits = {
      {{"000001.jpg", "000002.jpg", "000003.jpg"}, "jpg"},            // imExt without its dot
      {{"000001.JPG", "000002.JPG", "000003.JPG"}, ".jpg"},           // cameras write capitals
      {{"img000001.jpg", "img000002.jpg", "img000003.jpg"}, ".jpg"},  // UAVDT
      {{"frame_1.png", "frame_2.png", "frame_3.png"}, ".png"},
      {{"cam2_9_1.jpg", "cam2_9_2.jpg", "cam2_9_3.jpg"}, ".jpg"},
      {{"000000.jpg", "000001.jpg", "000002.jpg"}, ".jpg"},  // KITTI counts from 0
      {{"000001.png", "000002.png", "000003.png"}, ".jpg"},  // imExt is wrong
      {{"1.jfif", "2.jpg", "3.jp2"}, ".jpg"},
  };
  for (const auto& [names, extension] : habits) {
    auto stored = names;
    if (names.front() == "1.jfif") stored.front() = "1.jpeg";  // cv::imwrite does not know .jfif
    const auto reading = read(stored, 3, extension);
    EXPECT_THAT(reading.indices, ElementsAre(0, 1, 2)) << names.front();
    EXPECT_THAT(reading.numbers, ElementsAre(0, 1, 2)) << names.front();
    EXPECT_THAT(reading.warnings, IsEmpty()) << names.front();
  }
}

TEST(MotSequence, NumbersMayStartElsewhere) {
  const auto half = read({"000101.jpg", "000102.jpg", "000103.jpg"}, 3);
  EXPECT_THAT(half.indices, ElementsAre(0, 1, 2));
  EXPECT_THAT(half.warnings, ElementsAre("S: the images are numbered from 101; 000101.jpg is frame 1"));
  const auto shifted = read({"000002.jpg", "000003.jpg", "000004.jpg"}, 3);
  EXPECT_THAT(shifted.indices, ElementsAre(0, 1, 2));
  EXPECT_THAT(shifted.warnings, ElementsAre("S: the images are numbered from 2; 000002.jpg is frame 1"));
  const auto sparse = read({"000000.jpg", "000010.jpg", "000020.jpg"}, 3);
  EXPECT_THAT(sparse.indices, ElementsAre(0, 1, 2));
  EXPECT_THAT(sparse.warnings,
              ElementsAre("S: the images are not numbered consecutively; they are taken in their order"));
  const auto part = read({"000002.jpg", "000003.jpg"}, 4);  // frames of a longer sequence
  EXPECT_THAT(part.indices, ElementsAre(1, 2));
}

TEST(MotSequence, SaysWhatIsLeftOut) {
  const auto reading = read({"000001.jpg", "000002.jpg", "000003.jpg", "000004.jpg"}, 2);
  EXPECT_THAT(reading.indices, ElementsAre(0, 1));
  EXPECT_THAT(reading.warnings,
              ElementsAre("S: 2 images of F/S/img1 left out (000003.jpg to 000004.jpg): a frame is an "
                          "image with a number, up to seqLength 2"));
  const auto cover = read({"000001.jpg", "000002.jpg", "cover.jpg"}, 2);
  EXPECT_THAT(cover.indices, ElementsAre(0, 1));
  EXPECT_THAT(cover.warnings, ElementsAre("S: 1 image of F/S/img1 left out (cover.jpg): a frame is an image with a "
                                          "number, up to seqLength 2"));
  const auto twice = read({"000001.png", "000001.jpg", "000002.jpg"}, 2);
  EXPECT_THAT(twice.numbers, ElementsAre(1, 2));
  EXPECT_THAT(twice.warnings, ElementsAre(testing::StartsWith("S: 1 image of F/S/img1 left out (000001.png)")));
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
  folder.write("img1/cover.png", "no number");
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
