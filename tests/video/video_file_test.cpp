#include "video/video_file.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/ffmpeg.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"
#include "video/camera.hpp"
#include "video/network_stream.hpp"

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
  // The decoder of H.264 delays frames: the last ones come after the last packet.
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

/// A film of numbered pictures in H.264 with a key frame every five frames and B-frames between them.
std::filesystem::path write_film(const TemporaryFolder& folder, const std::string& name,
                                 std::vector<std::string> more = {}) {
  for (int number = 0; number < 30; ++number)
    test::write_image(folder / "pictures" / (std::to_string(number) + ".png"), test::numbered_image(number));
  std::vector<std::string> arguments = {"-framerate", "10",      "-i",       folder / "pictures/%d.png",
                                        "-c:v",       "libx264", "-g",       "5",
                                        "-bf",        "2",       "-pix_fmt", "yuv420p"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.push_back(folder / name);
  test::ffmpeg(arguments);
  return folder / name;
}

const std::string noise = "noise=alls=40:allf=t";  // makes frames large, so that a file is mostly frames

/// What reading a file to its end gives.
struct Reading {
  std::vector<int> numbers;
  std::vector<double> times;
  std::vector<std::string> warnings;
  std::string error;
};

Reading read(const std::filesystem::path& path, std::optional<int> stream = std::nullopt) {
  Reading reading;
  auto options = test::collecting(reading.warnings);
  options.stream = stream;
  testing::internal::CaptureStderr();
  reading.error = message_of([&] {
    const auto source = open_video_file(path.string(), options);
    while (const auto frame = source->next()) {
      reading.numbers.push_back(test::number_of(frame->image));
      reading.times.push_back(frame->time.count());
    }
    EXPECT_FALSE(source->next());
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  return reading;
}

std::vector<int> numbers_from(int first, int last) {
  std::vector<int> numbers(static_cast<std::size_t>(last - first + 1));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

TEST(VideoFile, ATruncatedFileIsAnError) {
  const TemporaryFolder folder;
  for (const std::string name : {"whole.mp4", "whole.mov", "whole.avi"}) {
    const auto whole = read_file(write_film(folder, name, {"-movflags", "faststart", "-vf", noise}));
    const auto reading = read(
        folder.write("cut" + std::filesystem::path(name).extension().string(), whole.substr(0, whole.size() * 3 / 4)));
    ASSERT_GE(reading.numbers.size(), 5U);
    ASSERT_LT(reading.numbers.size(), 30U);
    EXPECT_EQ(reading.numbers[4], 4);
    EXPECT_EQ(reading.error, "cut: the file is truncated after its first " + std::to_string(reading.numbers.size()) +
                                 " frames, which were all delivered");
  }
}

TEST(VideoFile, TheEndOfTheStreamIsTheEnd) {
  const TemporaryFolder folder;
  auto avi = read_file(test::write_video(folder / "whole.avi", 30, 10));
  avi[avi.find("strh") + 40] = 100;  // its header announces 100 frames
  const auto announced = read(folder.write("announced.avi", avi));
  EXPECT_EQ(announced.error, "");
  EXPECT_EQ(announced.numbers, numbers_from(0, 29));
  EXPECT_THAT(announced.warnings, ElementsAre("announced: ended after 30 of 100 announced frames"));
  for (const std::string name : {"whole.ts", "whole.mkv", "whole.flv"}) {
    const auto whole = read_file(write_film(folder, name, {"-vf", noise}));
    const auto reading =
        read(folder.write("cut" + std::filesystem::path(name).extension().string(), whole.substr(0, whole.size() / 2)));
    EXPECT_EQ(reading.error, "") << name;
    EXPECT_GE(reading.numbers.size(), 5U) << name;
    EXPECT_LT(reading.numbers.size(), 30U) << name;
  }
}

TEST(VideoFile, AnEditListCutsFramesOut) {
  const TemporaryFolder folder;
  const auto film = write_film(folder, "whole.mp4");
  test::ffmpeg(
      {"-ss", "1.3", "-i", film, "-c", "copy", folder / "trimmed.mp4"});  // keeps 10 to 12, cut by its edit list
  ASSERT_EQ(test::ffprobe(folder / "trimmed.mp4", "stream=nb_frames"), "20");
  const auto reading = read(folder / "trimmed.mp4");
  EXPECT_EQ(std::to_string(reading.numbers.size()), test::ffprobe(folder / "trimmed.mp4", "stream=nb_read_frames"));
  EXPECT_EQ(reading.numbers, numbers_from(13, 29));
  EXPECT_EQ(reading.times.front(), 0);
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.warnings, IsEmpty());
  EXPECT_EQ(open_video_file((folder / "trimmed.mp4").string(), {})->info().frame_count, 17);
}

TEST(VideoFile, VariableRatesHaveTheirTimes) {
  const TemporaryFolder folder;
  const std::string slow = "setpts='if(lt(N,10),N/10,1+(N-10)/2)/TB'";  // half a second per frame from frame 10
  const auto reading = read(write_film(folder, "screen.mkv", {"-vf", slow, "-vsync", "vfr"}));
  EXPECT_EQ(reading.numbers, numbers_from(0, 29));
  ASSERT_EQ(reading.times.size(), 30U);
  for (int i = 0; i < 30; ++i)
    EXPECT_NEAR(reading.times[static_cast<std::size_t>(i)], i < 10 ? i / 10.0 : 1 + (i - 10) / 2.0, 0.002) << i;
  EXPECT_EQ(reading.error, "");
  EXPECT_THAT(reading.warnings, IsEmpty());
}

TEST(VideoFile, AStreamCutBeforeItsKeyFrameSaysWhatIsMissing) {
  const TemporaryFolder folder;
  const auto whole = read_file(write_film(folder, "whole.ts", {"-g", "12", "-keyint_min", "12", "-sc_threshold", "0"}));
  constexpr std::size_t packet = 188;
  const auto reading =
      read(folder.write("cut.ts", whole.substr(0, 3 * packet) + whole.substr(whole.size() / packet / 5 * packet)));
  EXPECT_EQ(reading.error, "");
  ASSERT_FALSE(reading.numbers.empty());
  EXPECT_EQ(reading.numbers.front() % 12, 0);
  ASSERT_FALSE(reading.warnings.empty());
  EXPECT_THAT(reading.warnings[0], HasSubstr(" s cannot be decoded, because they follow no key frame"));
}

TEST(VideoFile, EveryFormatThatWasTried) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> formats = {
      {"a.gif", {"-c:v", "gif", "-pix_fmt", "gray"}},
      {"a.apng", {"-c:v", "apng", "-pix_fmt", "gray", "-f", "apng"}},
      {"a.mjpeg", {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-bf", "0"}},
      {"a.y4m", {"-c:v", "wrapped_avframe"}},
      {"a.h264", {"-c:v", "libx264", "-f", "h264"}},
      {"a.m2ts", {"-c:v", "libx264"}},
      {"a.flv", {"-c:v", "flv1", "-bf", "0"}},
      {"a.wmv", {"-c:v", "wmv2", "-bf", "0"}},
      {"a.webm", {"-c:v", "libvpx-vp9"}},
      {"prores.mov", {"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"}},
      {"alpha.mov", {"-c:v", "qtrle", "-pix_fmt", "argb"}},
      {"gray.mkv", {"-c:v", "ffv1", "-pix_fmt", "gray"}},
      {"deep.mkv", {"-c:v", "ffv1", "-pix_fmt", "yuv422p10le"}},
      {"odd.mkv", {"-c:v", "ffv1", "-s", "63x47"}},
      {"fragmented.mp4", {"-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"}},
      {"xvid.avi", {"-c:v", "mpeg4", "-vtag", "xvid"}},
  };
  const TemporaryFolder folder;
  for (const auto& [name, more] : formats) {
    const auto reading = read(write_film(folder, name, more));
    EXPECT_EQ(reading.numbers, numbers_from(0, 29)) << name;
    ASSERT_EQ(reading.times.size(), 30U) << name;
    if (name != "a.mjpeg") {  // it has no times, and FFmpeg assumes 25 frames per second
      EXPECT_NEAR(reading.times.back(), 2.9, 0.05) << name;
    }
    EXPECT_EQ(reading.error, "") << name;
    EXPECT_THAT(reading.warnings, IsEmpty()) << name;
  }
  test::ffmpeg({"-i", folder / "fragmented.mp4", "-f", "lavfi", "-i", "sine=duration=9", "-map", "0:v", "-map", "1:a",
                "-c:v", "copy", folder / "long audio.mp4"});
  EXPECT_EQ(read(folder / "long audio.mp4").numbers, numbers_from(0, 29));
  test::ffmpeg({"-f", "lavfi", "-i", "sine=duration=1", folder / "sound.m4a"});
  EXPECT_THAT(read(folder / "sound.m4a").error, HasSubstr("sound.m4a: not a video that can be read"));
}

TEST(VideoFile, DamageIsWhatTheDecoderReports) {
  const TemporaryFolder folder;
  auto bytes = read_file(write_film(folder, "whole.mkv", {"-g", "30", "-bf", "0", "-vf", "noise=alls=40"}));
  for (std::size_t at = bytes.size() / 2; at < bytes.size() / 2 + 60; ++at) bytes[at] = static_cast<char>(at * 37);
  const auto reading = read(folder.write("damaged.mkv", bytes));
  EXPECT_EQ(reading.error, "");
  EXPECT_GE(reading.numbers.size(), 25U);
  EXPECT_THAT(reading.warnings, ElementsAre(testing::AllOf(testing::StartsWith("damaged: "), HasSubstr(" frames, "),
                                                           HasSubstr(" damaged ("))));
}

TEST(VideoFile, TheFilmIsReadAndNotItsPreview) {
  const TemporaryFolder folder;
  write_film(folder, "film.mp4");
  test::write_image(folder / "still.png", test::numbered_image(33));
  // A still picture as stream 0, without any mark that it is one, as some drones store it.
  test::ffmpeg({"-i", folder / "still.png", "-i", folder / "film.mp4", "-map", "0:v", "-map", "1:v", "-c:v:0", "mjpeg",
                "-c:v:1", "copy", "-disposition:v:0", "0", "-disposition:v:1", "default", folder / "drone.mp4"});
  const auto drone = read(folder / "drone.mp4");
  EXPECT_EQ(drone.numbers, numbers_from(0, 29));
  EXPECT_THAT(drone.warnings,
              ElementsAre("drone: has 2 video streams; stream 1 (h264, 64x48) is read (setting: stream)"));
  EXPECT_EQ(read(folder / "drone.mp4", 0).numbers, std::vector{33});
  EXPECT_THAT(read(folder / "drone.mp4", 0).warnings, IsEmpty());
  EXPECT_EQ(read(folder / "drone.mp4", 1).numbers.size(), 30U);
  EXPECT_EQ(read(folder / "drone.mp4", 2).error,
            (folder / "drone.mp4").string() +
                ": there is no video stream 2; the video streams are: "
                "stream 0 (mjpeg, 64x48), stream 1 (h264, 64x48) (setting: stream)");
  // The same in Matroska, which has no number of frames; both streams count as default.
  test::ffmpeg({"-i", folder / "still.png", "-i", folder / "film.mp4", "-map", "0:v", "-map", "1:v", "-c:v:0", "mjpeg",
                "-c:v:1", "copy", "-disposition:v:0", "default", "-disposition:v:1", "default", folder / "both.mkv"});
  EXPECT_EQ(read(folder / "both.mkv").numbers, numbers_from(0, 29));
  // A cover is not a stream to choose from.
  test::ffmpeg({"-i", folder / "still.png", "-i", folder / "film.mp4", "-map", "0:v", "-map", "1:v", "-c:v:0", "mjpeg",
                "-c:v:1", "copy", "-disposition:v:0", "attached_pic", folder / "cover.mp4"});
  EXPECT_EQ(read(folder / "cover.mp4").numbers, numbers_from(0, 29));
  EXPECT_THAT(read(folder / "cover.mp4").warnings, IsEmpty());
  // A small preview of as many frames: the larger picture is the film.
  test::ffmpeg({"-i", folder / "film.mp4", "-map", "0:v", "-map", "0:v", "-filter:v:0", "scale=32:24,negate",
                "-disposition:v:0", "default", "-disposition:v:1", "default", folder / "preview.mp4"});
  EXPECT_EQ(read(folder / "preview.mp4").numbers, numbers_from(0, 29));
}

/// A picture that looks different in all eight orientations: a bright corner and a gray edge.
cv::Mat corner_picture() {
  cv::Mat image(48, 64, CV_8UC3, cv::Scalar::all(20));
  image(cv::Rect(0, 0, 16, 16)) = cv::Scalar::all(230);
  image(cv::Rect(16, 0, 48, 8)) = cv::Scalar::all(120);
  return image;
}

TEST(VideoFile, PhonesAreHeldInFourWays) {
  const TemporaryFolder folder;
  test::write_image(folder / "corner.png", corner_picture());
  test::ffmpeg({"-loop", "1", "-i", folder / "corner.png", "-frames:v", "5", "-pix_fmt", "yuv420p", "-c:v", "libx264",
                folder / "stored.mp4"});
  for (const std::string turn : {"0", "90", "180", "270"}) {
    test::ffmpeg({"-i", folder / "stored.mp4", "-c", "copy", "-metadata:s:v", "rotate=" + turn, folder / "phone.mp4"});
    const cv::Size size = turn == "0" || turn == "180" ? cv::Size(64, 48) : cv::Size(48, 64);
    const auto source = open_video_file((folder / "phone.mp4").string(), {});
    EXPECT_EQ(source->info().size, size) << turn;
    const auto frame = source->next();
    ASSERT_EQ(frame->image.size(), size) << turn;
    EXPECT_TRUE(frame->image.isContinuous());
    EXPECT_LE(cv::norm(frame->image, test::shown_by_ffmpeg(folder / "phone.mp4", size), cv::NORM_INF), 3) << turn;
    const auto streamed =
        open_network_stream("file://" + (folder / "phone.mp4").string(), [] { return false; })->next();
    EXPECT_EQ(cv::norm(frame->image, streamed->image, cv::NORM_INF), 0) << turn;
  }
}

TEST(VideoFile, PixelsBecomeSquare) {
  const TemporaryFolder folder;
  write_film(folder, "film.mp4");
  for (const auto& [aspect, size] : {std::pair("4/3", cv::Size(85, 48)), std::pair("3/4", cv::Size(64, 64)),
                                     std::pair("1/1", cv::Size(64, 48)), std::pair("135/136", cv::Size(64, 48))}) {
    test::ffmpeg({"-i", folder / "film.mp4", "-vf", std::string("setsar=") + aspect, folder / "wide.mkv"});
    const auto frame = open_video_file((folder / "wide.mkv").string(), {})->next();
    EXPECT_EQ(frame->image.size(), size) << aspect;
    EXPECT_EQ(test::number_of(frame->image), 0) << aspect;
  }
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
