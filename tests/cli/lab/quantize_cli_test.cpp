// Runs onepass quantize, and onepass track with the quantized model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/media.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* tiny = ONEPASS_TEST_DATA "/tiny_v8.pt";

TEST(Quantize, MakesAModelThatTracks) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "door.avi", 24, 10);
  const auto out = folder / "tiny-int8.yaml";
  const std::vector<std::string> command = {"quantize", "--model",    tiny,      "--source", video,
                                            "--out",    out.string(), "--imgsz", "64"};
  const auto made = run_onepass(command);
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("tiny-int8.yaml: ranges of "));
  EXPECT_THAT(made.out, HasSubstr(" values from 24 frames\n"));
  EXPECT_THAT(made.out, HasSubstr("ms in 8-bit integers\n"));

  const auto again = run_onepass(command);
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("use --overwrite to replace it"));

  const auto tracked = run_onepass({"track", "--model", out.string(), "--source", video, "--imgsz", "64", "--precision",
                                    "int8", "--save-mot", (folder / "tracks.txt").string()});
  EXPECT_EQ(tracked.exit_code, 0) << tracked.err;
  EXPECT_TRUE(fs::exists(folder / "tracks.txt"));
}

TEST(Quantize, TooFewFramesLeaveNoFile) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "door.avi", 5, 10);
  const auto refused = run_onepass(
      {"quantize", "--model", tiny, "--source", video, "--out", (folder / "x.yaml").string(), "--imgsz", "64"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("5 frames are too few to quantize a model; at least 20 are needed"));
  EXPECT_FALSE(fs::exists(folder / "x.yaml"));
}

TEST(Quantize, AnotherNameThanThatOfAYamlFileIsRefused) {
  const TemporaryFolder folder;
  const auto refused =
      run_onepass({"quantize", "--model", tiny, "--source", "none.avi", "--out", (folder / "x.onnx").string()});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("x.onnx: the ranges are written as YAML, which refers to the model; give a name "
                                     "such as " +
                                     (folder / "x.yaml").string()));
}

TEST(Quantize, OtherModelsHaveNo8BitPrecision) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "door.avi", 2, 10);
  const auto refused = run_onepass(
      {"track", "--model", tiny, "--source", video, "--precision", "int8", "--save-mot", (folder / "x.txt").string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("this model is not quantized: the ranges of its values are unknown"));
}

}  // namespace
}  // namespace onepass::test
