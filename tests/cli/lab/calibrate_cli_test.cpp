// Runs onepass calibrate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The random weights of the tiny model yield meaningless detections around these two rectangles; the test only needs
/// that they can be tracked.
fs::path write_pictures(const TemporaryFolder& folder, int count = 30) {
  fs::create_directories(folder / "door");
  cv::RNG random(9);
  for (int i = 0; i < count; ++i) {
    cv::Mat image(96, 160, CV_8UC3);
    random.fill(image, cv::RNG::UNIFORM, 0, 120);
    cv::rectangle(image, cv::Rect(10 + i, 20, 30, 40), cv::Scalar(250, 240, 230), cv::FILLED);
    cv::rectangle(image, cv::Rect(100 - i, 40, 30, 40), cv::Scalar(20, 40, 230), cv::FILLED);
    cv::imwrite((folder / ("door/" + std::to_string(i) + ".png")).string(), image);
  }
  return folder / "door";
}

std::vector<std::string> with_model(std::vector<std::string> arguments) {
  for (const char* more : {"--model", ONEPASS_TEST_DATA "/tiny_v8.pt", "--imgsz", "160", "--conf", "0.001", "--iou",
                           "0.3", "--tracker.birth_score", "0.001", "--tracker.confirm_score_sum", "0"})
    arguments.emplace_back(more);
  return arguments;
}

TEST(Calibrate, RefusesWhatItCannotUse) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder, 3);
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"calibrate", "--source", pictures};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_onepass(with_model(arguments));
  };
  const auto none = run({"--embed.method", "none", "--out", folder / "x.yaml"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("there are no embeddings to calibrate"));
  const auto again = run({"--embed.calibration", "y.yaml", "--out", folder / "x.yaml"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("do not give --embed.calibration"));
  const auto taken = run({"--out", folder.write("x.yaml", "")});
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_THAT(taken.err, HasSubstr("x.yaml: this file already exists; use --overwrite to replace it"));
  EXPECT_EQ(run({"--out", folder / "x.npy"}).exit_code, 2);
  const auto little =
      run({"--tracker.confirm_first_frame", "false", "--tracker.confirm_hits", "1000", "--out", folder / "z.yaml"});
  EXPECT_EQ(little.exit_code, 1);
  EXPECT_THAT(little.err, HasSubstr("nothing to learn"));
  EXPECT_FALSE(fs::exists(folder / "z.yaml"));
}

TEST(Calibrate, ATrackRunRefusesAFileThatIsNone) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder, 3);
  const auto file = folder.write("x.yaml", "tracker:\n  max_age_s: 1\n");
  const auto result = run_onepass(
      with_model({"track", "--source", pictures, "--embed.calibration", file, "--save-mot", folder / "out.txt"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("x.yaml: is not a calibration of onepass"));
  EXPECT_FALSE(fs::exists(folder / "out.txt"));
}

}  // namespace
}  // namespace onepass::test
