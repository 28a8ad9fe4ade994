#include "video/image_folder.hpp"

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
using testing::HasSubstr;

TEST(ImageFolder, DeliversImagesInNaturalOrder) {
  const TemporaryFolder folder;
  test::write_image(folder / "street/img10.png", numbered_image(2));
  test::write_image(folder / "street/img2.JPG", numbered_image(1));
  test::write_image(folder / "street/img1.bmp", numbered_image(0));
  folder.write("street/notes.txt", "no image");
  folder.write("street/.hidden.png", "no image");
  std::filesystem::create_directories(folder / "street/img3.png");
  const auto source = open_image_folder(folder / "street", {});
  EXPECT_EQ(source->info().name, "street");
  EXPECT_EQ(source->info().frame_rate, 30);
  EXPECT_EQ(source->info().frame_count, 3);
  EXPECT_FALSE(source->info().live);
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(0, 1, 2));
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 1, 2));
  EXPECT_DOUBLE_EQ(frames[2].time.count(), 2 / 30.0);
  EXPECT_FALSE(source->next());
}

TEST(ImageFolder, NamesWhatIsLeftOut) {
  const TemporaryFolder folder;
  test::write_image(folder / "1.jpg", numbered_image(0));
  std::filesystem::rename(folder / "1.jpg", folder / "1.jfif");
  test::write_image(folder / "2.jp2", numbered_image(1));
  test::write_image(folder / "3.jpg", numbered_image(2));
  test::write_image(folder / "4.jpg", numbered_image(3));
  std::filesystem::rename(folder / "4.jpg", folder / "4");  // without an extension
  for (const auto* const name : {"5.heic", "6.HEIC", "7.gif", "8.avif", "labels.txt", "Thumbs.db"})
    folder.write(name, "x");
  folder.write("9.jpg.orig", test::read_file(folder / "3.jpg"));
  std::vector<std::string> warnings;
  const auto source = open_image_folder(folder.path(), test::collecting(warnings));
  EXPECT_THAT(test::numbers_of(test::read_all(*source)), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(warnings,
              ElementsAre(folder.path().string() +
                          ": 5 files are left out, because images are recognized by the extensions jpg, jpeg, "
                          "jpe, jfif, png, bmp, dib, tif, tiff, webp, jp2 (5.heic, 6.HEIC, 7.gif, ...)"));
}

TEST(ImageFile, IsASourceOfOneFrame) {
  const TemporaryFolder folder;
  test::write_image(folder / "img%03d.jpg", numbered_image(7));  // not a pattern: a file of this name
  const auto source = open_image_file(folder / "img%03d.jpg", {});
  EXPECT_EQ(source->info().name, "img%03d");
  EXPECT_EQ(source->info().frame_count, 1);
  EXPECT_THAT(test::numbers_of(test::read_all(*source)), ElementsAre(7));
  const auto bytes = test::read_file(folder / "img%03d.jpg");
  const auto cut = folder.write("cut.jpg", bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(message_of([&] { open_image_file(cut, {}); }),
            cut.string() + ": cannot be read as an image (unknown format, damaged or cut off)");
}

TEST(ImageFolder, SizesMayChange) {
  const TemporaryFolder folder;
  test::write_image(folder / "1.png", numbered_image(0, {64, 48}));
  test::write_image(folder / "2.png", numbered_image(1, {30, 70}));
  const auto source = open_image_folder(folder.path(), {});
  const auto frames = test::read_all(*source);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].size, cv::Size(64, 48));
  EXPECT_EQ(frames[1].size, cv::Size(30, 70));
  EXPECT_EQ(frames[1].image.size(), frames[1].size);
}

TEST(ImageFolder, SkipsAndCountsUnreadableImages) {
  const TemporaryFolder folder;
  test::write_image(folder / "1.png", numbered_image(0));
  folder.write("2.png", "damaged");
  test::write_image(folder / "3.png", numbered_image(2));
  std::vector<std::string> warnings;
  const auto source = open_image_folder(folder.path(), test::collecting(warnings));
  EXPECT_THAT(test::indices_of(test::read_all(*source)), ElementsAre(0, 2));
  EXPECT_FALSE(source->next());
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0], (folder / "2.png").string() + ": cannot be read as an image; the frame is skipped");
  EXPECT_EQ(warnings[1], folder.path().string() + ": 1 of 3 images could not be read");
}

TEST(ImageFolder, ManyUnreadableImagesDoNotFloodTheTerminal) {
  const TemporaryFolder folder;
  for (int i = 0; i < 40; ++i) folder.write(std::to_string(i) + ".jpg", "damaged");
  test::write_image(folder / "good.jpg", numbered_image(7));
  std::vector<std::string> warnings;
  const auto source = open_image_folder(folder.path(), test::collecting(warnings));
  EXPECT_THAT(test::numbers_of(test::read_all(*source)), ElementsAre(7));
  ASSERT_EQ(warnings.size(), 6U);
  EXPECT_THAT(warnings.back(), EndsWith(": 40 of 41 images could not be read"));
}

TEST(ImageFolder, NothingReadableIsAnError) {
  const TemporaryFolder folder;
  folder.write("1.png", "damaged");
  folder.write("2.png", "damaged");
  const auto source = open_image_folder(folder.path(), {});
  EXPECT_THAT(message_of([&] { source->next(); }), EndsWith(": none of the 2 images can be read"));
}

TEST(ImageFolder, AFolderWithoutImagesIsAnError) {
  const TemporaryFolder folder;
  folder.write("video.txt", "");
  EXPECT_THAT(message_of([&] { open_image_folder(folder.path(), {}); }),
              HasSubstr(folder.path().string() + ": no images in this folder (jpg, "));
}

TEST(ImageFolder, AStrideKeepsTheIndicesOfTheFolder) {
  const TemporaryFolder folder;
  for (int i = 0; i < 8; ++i) test::write_image(folder / (std::to_string(i) + ".png"), numbered_image(i));
  folder.write("1.png", "damaged, but never read");
  std::vector<std::string> warnings;
  auto options = test::collecting(warnings);
  options.stride = 3;
  const auto source = open_image_folder(folder.path(), options);
  EXPECT_EQ(source->info().stride, 3);
  const auto frames = test::read_all(*source);
  EXPECT_THAT(test::indices_of(frames), ElementsAre(0, 3, 6));
  EXPECT_THAT(test::numbers_of(frames), ElementsAre(0, 3, 6));
  EXPECT_DOUBLE_EQ(frames[1].time.count(), 0.1);
  EXPECT_TRUE(warnings.empty());
}

}  // namespace
}  // namespace onepass::video
