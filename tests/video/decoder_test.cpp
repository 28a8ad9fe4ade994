// Damaged videos: what is counted and marked is compared with the pictures of the undamaged video.
#include "video/decoder.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "support/ffmpeg.hpp"
#include "support/media.hpp"
#include "support/temporary_folder.hpp"
#include "video/network_stream.hpp"
#include "video/video_file.hpp"

namespace onepass::video {
namespace {

using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

/// Writes 50 frames of a moving test picture; noise makes every block carry data.
std::filesystem::path write_test_picture(const TemporaryFolder& folder, const std::string& name,
                                         const std::vector<std::string>& encoder) {
  std::vector<std::string> command = {"-f",  "lavfi",        "-i", "testsrc2=size=320x240:rate=25:duration=2",
                                      "-vf", "noise=alls=10"};
  command.insert(command.end(), encoder.begin(), encoder.end());
  command.push_back(folder / name);
  test::ffmpeg(command);
  return folder / name;
}

/// Flips all bits of `count` bytes in the middle of the file.
std::filesystem::path write_damaged(const TemporaryFolder& folder, const std::filesystem::path& whole,
                                    std::size_t count) {
  auto bytes = read_file(whole);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
  std::transform(begin, begin + static_cast<std::ptrdiff_t>(count), begin, [](char byte) { return ~byte; });
  return folder.write("damaged-" + whole.filename().string(), bytes);
}

struct Format {
  std::string name;
  std::vector<std::string> encoder;
};

void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }

class Damage : public testing::TestWithParam<Format> {};

INSTANTIATE_TEST_SUITE_P(
    Formats, Damage,
    testing::Values(Format{"h264.mp4", {"-c:v", "libx264", "-threads", "1"}},
                    Format{"intra.mp4", {"-c:v", "libx264", "-threads", "1", "-g", "1"}},
                    Format{"mpeg4.avi", {"-c:v", "mpeg4", "-threads", "1", "-b:v", "2M"}},
                    Format{"motion-jpeg.avi", {"-c:v", "mjpeg", "-threads", "1", "-pix_fmt", "yuvj420p", "-q:v", "3"}}),
    [](const auto& test) { return std::to_string(test.index); });

// The decoder uses one thread per core here, with which FFmpeg 5.1 does not flag damaged H.264 pictures.
TEST_P(Damage, IsCountedAndMarkedWhereItBegins) {
  const TemporaryFolder folder;
  const auto whole = write_test_picture(folder, GetParam().name, GetParam().encoder);
  const auto source = open_video_file(whole.string(), {});
  const auto expected = test::read_all(*source);
  ASSERT_EQ(expected.size(), 50U);
  EXPECT_EQ(source->errors(), DecodeErrors{});
  EXPECT_TRUE(std::ranges::none_of(expected, &Frame::concealed));

  std::vector<std::string> warnings;
  const auto damaged = open_video_file(write_damaged(folder, whole, 4000).string(), test::collecting(warnings));
  const auto frames = test::read_all(*damaged);
  const auto errors = damaged->errors();
  EXPECT_GT(errors.total(), 0);
  EXPECT_EQ(std::ranges::count_if(frames, &Frame::concealed), errors.concealed);
  EXPECT_LE(std::ssize(frames), 50);
  EXPECT_GE(std::ssize(frames) + errors.undecodable, 50) << "no frame is lost without a count";
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr(to_text(errors)));
  if (frames.size() != expected.size()) return;
  const auto differs = [&](std::size_t i) { return cv::norm(frames[i].image, expected[i].image, cv::NORM_INF) > 0; };
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_TRUE(!frames[i].concealed || differs(i)) << "frame " << i;
  const auto first = std::ranges::find_if(frames, &Frame::concealed) - frames.begin();
  ASSERT_LT(first, std::ssize(frames));
  EXPECT_LT(first, 30) << "the damage is in the middle";
}

TEST(Decoder, CountsTheFramesThatADamagedContainerHasLost) {
  const TemporaryFolder folder;
  const auto whole =
      write_test_picture(folder, "film.webm", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"});
  std::vector<std::string> warnings;
  const auto damaged = open_video_file(write_damaged(folder, whole, 4000).string(), test::collecting(warnings));
  const auto count = std::ssize(test::read_all(*damaged));
  ASSERT_LT(count, 45) << "this damage ends the container";
  EXPECT_EQ(count + damaged->errors().undecodable, 50);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("damaged-film: of 50 frames, "));
}

TEST(Decoder, ALiveStreamLeavesDamagedFramesOutAndCountsThem) {
  const TemporaryFolder folder;
  const auto whole = write_test_picture(folder, "film.ts", {"-c:v", "mpeg2video", "-threads", "1", "-b:v", "2M"});
  const auto count = [](FrameSource& source) { return std::ssize(test::read_all(source)); };
  const auto url = "file://" + whole.string();
  const auto clean = open_network_stream(url, [] { return false; });
  const auto all = count(*clean);
  EXPECT_EQ(clean->errors(), DecodeErrors{});
  auto bytes = read_file(whole);
  for (std::size_t i = 0; i < 40; ++i) bytes[bytes.size() / 2 + i] ^= 0x5A;  // within one packet of 188 bytes
  const auto live = open_network_stream("file://" + folder.write("bad.ts", bytes).string(), [] { return false; });
  const auto left = count(*live);
  EXPECT_GE(live->errors().undecodable, 1);
  EXPECT_EQ(left + live->errors().undecodable, all);
}

}  // namespace
}  // namespace onepass::video
