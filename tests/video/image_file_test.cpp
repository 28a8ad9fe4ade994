#include "video/image_file.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "video/image_folder.hpp"

namespace onepass::video {
namespace {

using test::message_of;
using test::numbered_image;
using test::read_file;
using test::TemporaryFolder;
using testing::ElementsAre;

TEST(ImageFile, RecognizesImagesByName) {
  for (const auto* const name :
       {"a.jpg", "a.JPEG", "b/a.png", "a.Bmp", "a.tif", "a.TIFF", "a.b.webp", "a.jfif", "a.JPE", "a.jp2", "a.dib"})
    EXPECT_TRUE(is_image_name(name)) << name;
  for (const auto* const name : {"a.txt", "jpg", ".jpg", "a.jpg.part", ".hidden.jpg", "b/.a.png", "a.gif", ""})
    EXPECT_FALSE(is_image_name(name)) << name;
}

TEST(ImageFile, RecognizesImagesWithoutAnExtensionByTheirContent) {
  const TemporaryFolder folder;
  test::write_image(folder / "a.jpg", test::numbered_image(3));
  const auto bytes = test::read_file(folder / "a.jpg");
  EXPECT_TRUE(is_image(folder.write("IMG_0001", bytes)));
  EXPECT_FALSE(is_image(folder.write("a.jpg.orig", bytes)));  // it may be a stream of images
  EXPECT_FALSE(is_image(folder.write("notes.txt", "no image")));
  EXPECT_FALSE(is_image(folder.write("a.mp4", bytes)));
  EXPECT_FALSE(is_image(folder.write(".hidden", bytes)));
  EXPECT_FALSE(is_image(folder / "absent"));
  for (const auto* const name : {"a.heic", "a.GIF", "a.avif", "a.MP4"})
    EXPECT_TRUE(is_other_picture_name(name)) << name;
  for (const auto* const name : {"a.txt", "a.jpg", "thumbs.db", "a"}) EXPECT_FALSE(is_other_picture_name(name)) << name;
}

/// A JPEG with an EXIF orientation (1 to 8).
std::string with_orientation(const std::string& jpeg, char orientation) {
  std::string exif("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 25);
  exif += std::string(1, orientation) + std::string(6, '\0');
  const auto size = exif.size() + 2;
  return jpeg.substr(0, 2) + "\xff\xe1" + static_cast<char>(size / 256) + static_cast<char>(size % 256) + exif +
         jpeg.substr(2);
}

TEST(ImageFile, TurnsPhotosUpright) {
  const TemporaryFolder folder;
  cv::Mat stored(48, 64, CV_8UC3, cv::Scalar::all(20));
  stored(cv::Rect(0, 0, 16, 16)) = cv::Scalar::all(230);  // the upper left corner
  test::write_image(folder / "stored.jpg", stored);
  const auto jpeg = test::read_file(folder / "stored.jpg");
  // Where the corner is seen, by the definition of the orientations 1, 3, 6 and 8 (EXIF 2.3, 4.6.4 A).
  const std::map<int, cv::Point> corners = {{1, {8, 8}}, {3, {56, 40}}, {6, {40, 8}}, {8, {8, 56}}};
  for (const auto& [orientation, corner] : corners) {
    const auto photo = folder.write("photo.jpg", with_orientation(jpeg, static_cast<char>(orientation)));
    const auto image = read_image(photo).value();
    EXPECT_EQ(image.size(), orientation < 5 ? cv::Size(64, 48) : cv::Size(48, 64));
    EXPECT_GT(image.at<cv::Vec3b>(corner)[0], 200) << orientation;
    const auto alone = open_image_file(photo, {})->next();
    ASSERT_TRUE(alone);
    EXPECT_EQ(cv::norm(alone->image, image, cv::NORM_INF), 0);
    EXPECT_EQ(cv::norm(open_image_folder(folder.path(), {})->next()->image, image, cv::NORM_INF), 0);
  }
}

/// Appends an EXIF chunk with an orientation to a WebP image (WebP container specification).
std::string webp_with_orientation(std::string webp, char orientation) {
  std::string exif("EXIF\x1a\0\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 27);
  exif += std::string(1, orientation) + std::string(6, '\0');
  exif.resize(8 + 0x1a);
  webp += exif;
  const auto size = webp.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) webp[4 + i] = static_cast<char>(size >> (8 * i));
  return webp;
}

TEST(ImageFile, TurnsWebpUprightToo) {
  const TemporaryFolder folder;
  cv::Mat stored(48, 64, CV_8UC3, cv::Scalar::all(20));
  stored(cv::Rect(0, 0, 16, 16)) = cv::Scalar::all(230);
  test::write_image(folder / "stored.webp", stored);
  const auto webp = test::read_file(folder / "stored.webp");
  const std::map<int, cv::Point> corners = {{1, {8, 8}}, {2, {56, 8}}, {3, {56, 40}}, {4, {8, 40}},
                                            {5, {8, 8}}, {6, {40, 8}}, {7, {40, 56}}, {8, {8, 56}}};
  for (const auto& [orientation, corner] : corners) {
    const auto image =
        read_image(folder.write("photo.webp", webp_with_orientation(webp, static_cast<char>(orientation)))).value();
    EXPECT_EQ(image.size(), orientation < 5 ? cv::Size(64, 48) : cv::Size(48, 64)) << orientation;
    EXPECT_GT(image.at<cv::Vec3b>(corner)[0], 200) << orientation;
  }
}

TEST(ImageFile, ReadsEveryFormatAsColor) {
  const TemporaryFolder folder;
  for (const auto* const name : {"a.jpg", "a.png", "a.bmp", "a.tif", "a.webp", "a.jp2"}) {
    test::write_image(folder / name, cv::Mat(64, 96, CV_8UC1, cv::Scalar(200)));
    const auto image = read_image(folder / name);
    ASSERT_TRUE(image) << name;
    EXPECT_EQ(image->type(), CV_8UC3) << name;
    EXPECT_EQ(image->size(), cv::Size(96, 64)) << name;
    EXPECT_NEAR(cv::mean(*image)[0], 200, 2) << name;
  }
  test::write_image(folder / "deep.png", cv::Mat(20, 30, CV_16UC1, cv::Scalar(200 * 257)));
  EXPECT_NEAR(cv::mean(read_image(folder / "deep.png").value())[2], 200, 1);
}

TEST(ImageFile, RefusesTruncatedFiles) {
  const TemporaryFolder folder;
  cv::Mat noise(200, 200, CV_8UC3);
  cv::randu(noise, 0, 255);
  testing::internal::CaptureStderr();
  for (const auto* const name : {"a.jpg", "a.png", "a.bmp", "a.tif", "a.webp", "a.jp2"}) {
    test::write_image(folder / name, noise);
    const auto bytes = read_file(folder / name);
    for (const auto length : {std::size_t{0}, std::size_t{1}, std::size_t{3}, bytes.size() / 2, bytes.size() - 20}) {
      folder.write(name, bytes.substr(0, length));
      EXPECT_FALSE(read_image(folder / name)) << name << " with " << length << " of " << bytes.size() << " bytes";
    }
  }
  EXPECT_FALSE(read_image(folder / "absent.jpg"));
  EXPECT_FALSE(read_image(folder.write("text.jpg", "<html>no image</html>")));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ImageFile, AcceptsAJpegWithAnEmbeddedEndMarkerOrATrailer) {
  const TemporaryFolder folder;
  test::write_image(folder / "a.jpg", numbered_image(4));
  const auto bytes = read_file(folder / "a.jpg");
  // A comment segment (ff fe) whose text contains an end-of-image marker, as a thumbnail would.
  const std::string comment(
      "\xff\xfe\x00\x06"
      "\xff\xd9"
      "ab",
      8);
  const auto with_comment = bytes.substr(0, 2) + comment + bytes.substr(2);
  EXPECT_EQ(test::number_of(read_image(folder.write("comment.jpg", with_comment)).value()), 4);
  EXPECT_EQ(test::number_of(read_image(folder.write("trailer.jpg", bytes + "appended")).value()), 4);
  EXPECT_FALSE(read_image(folder.write("cut.jpg", with_comment.substr(0, with_comment.size() - 2))));
}

TEST(UnreadableImages, AreNamedUpToFiveAndCounted) {
  std::vector<std::string> warnings;
  UnreadableImages unreadable([&](const std::string& line) { warnings.push_back(line); });
  unreadable.report("street", 7);
  EXPECT_THAT(warnings, ElementsAre());
  for (int i = 1; i <= 6; ++i) unreadable.add(std::to_string(i) + ".jpg");
  ASSERT_EQ(warnings.size(), 5U);
  EXPECT_EQ(warnings.back(), "5.jpg: cannot be read as an image; the frame is skipped");
  unreadable.report("street", 7);
  EXPECT_EQ(warnings.back(), "street: 6 of 7 images could not be read");
  unreadable.add("7.jpg");
  EXPECT_EQ(message_of([&] { unreadable.report("street", 7); }), "street: none of the 7 images can be read");
}

}  // namespace
}  // namespace onepass::video
