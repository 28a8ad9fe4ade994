// Runs onepass track --memory: the files that it writes and those that it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "support/crossing_scene.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// Pictures in which the tiny network has detections.
fs::path write_pictures(const fs::path& folder) {
  fs::create_directories(folder);
  for (int i = 0; i < 6; ++i) {
    cv::Mat image(96, 128, CV_8UC3, cv::Scalar::all(40));
    cv::rectangle(image, {10 + 4 * i, 20, 40, 60}, cv::Scalar(30, 200, 250), cv::FILLED);
    cv::imwrite((folder / (std::to_string(i) + ".png")).string(), image);
  }
  return folder;
}

/// Runs onepass track with the tiny network and settings with which it detects something.
ProgramResult track(const std::vector<fs::path>& sources, std::vector<std::string> more) {
  std::vector<std::string> arguments = {"track",
                                        "--model",
                                        fs::path(ONEPASS_TEST_DATA) / "tiny_v8.pt",
                                        "--imgsz",
                                        "64",
                                        "--conf",
                                        "0.001",
                                        "--detector.threads",
                                        "1"};
  for (const auto& source : sources) arguments.insert(arguments.end(), {"--source", source});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_onepass(arguments);
}

TEST(MemoryOption, MakesAFileThatTheNextRunReads) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder / "door");
  const auto memory = folder / "door.memory";
  const auto first = track({pictures}, {"--memory", memory});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto bytes = read_file(memory);
  const auto second = track({pictures}, {"--memory", memory});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_NE(read_file(memory), bytes);  // at least its clock has advanced
  EXPECT_FALSE(fs::exists(folder / "door.memory.part"));
}

TEST(MemoryOption, TheSameRunWritesTheSameBytes) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder / "door");
  for (const char* name : {"one", "two"}) ASSERT_EQ(track({pictures}, {"--memory", folder / name}).exit_code, 0);
  EXPECT_EQ(read_file(folder / "one"), read_file(folder / "two"));
}

TEST(MemoryOption, ScopeDecidesWhichSourcesShareIt) {
  const TemporaryFolder folder;
  const std::vector<fs::path> sources = {write_pictures(folder / "a"), write_pictures(folder / "b")};
  const auto apart = track(sources, {"--memory", folder / "door.bin"});
  ASSERT_EQ(apart.exit_code, 0) << apart.err;
  EXPECT_TRUE(fs::exists(folder / "door-a.bin"));
  EXPECT_TRUE(fs::exists(folder / "door-b.bin"));
  EXPECT_FALSE(fs::exists(folder / "door.bin"));
  EXPECT_EQ(read_file(folder / "door-a.bin"),
            read_file(folder / "door-b.bin"));  // no state is shared
  const auto together = track(sources, {"--memory", folder / "door.bin", "--memory-scope", "run"});
  ASSERT_EQ(together.exit_code, 0) << together.err;
  EXPECT_TRUE(fs::exists(folder / "door.bin"));
  EXPECT_EQ(track(sources, {"--memory", folder / "door.bin", "--memory-scope", "both"}).exit_code, 2);
}

TEST(MemoryOption, RefusesFilesOfOtherEmbeddings) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder / "door");
  const auto memory = folder / "door.memory";
  ASSERT_EQ(track({pictures}, {"--memory", memory}).exit_code, 0);
  const auto bytes = read_file(memory);
  for (const std::vector<std::string>& other : {std::vector<std::string>{"--embed.stripes", "2"},
                                                {"--embed.standardize", "false"},
                                                {"--embed.method", "cell"}}) {
    auto arguments = other;
    arguments.insert(arguments.end(), {"--memory", memory});
    const auto result = track({pictures}, arguments);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("door.memory: contains embeddings of another kind: ")) << other.front();
    EXPECT_THAT(result.err, Not(HasSubstr("\nonepass: "))) << result.err;
  }
  EXPECT_EQ(read_file(memory), bytes);
}

TEST(MemoryOption, RefusesDamagedFilesBeforeTheFirstFrame) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder / "door");
  const auto memory = folder / "door.memory";
  ASSERT_EQ(track({pictures}, {"--memory", memory}).exit_code, 0);
  const auto bytes = read_file(memory);
  folder.write("door.memory", bytes.substr(0, bytes.size() - 5));
  const auto result = track({pictures}, {"--memory", memory, "--save-mot", folder / "out.txt"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("door.memory: is truncated or damaged"));
  EXPECT_FALSE(fs::exists(folder / "out.txt"));
  EXPECT_EQ(read_file(memory).size(), bytes.size() - 5);  // unchanged
}

TEST(MemoryOption, NeedsEmbeddings) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto replayed = run_onepass(
      {"track", "--source", sequence, "--detections", sequence / "det/det.txt", "--memory", folder / "door.memory"});
  EXPECT_EQ(replayed.exit_code, 2);
  EXPECT_THAT(replayed.err, HasSubstr("--memory needs the embeddings of a --model"));
  const auto none = track({write_pictures(folder / "door")}, {"--embed.method", "none", "--memory", folder / "m"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("the memory needs embeddings"));
}

TEST(MemoryOption, IsNoOtherFileOfTheRun) {
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder / "door");
  const auto out = track({pictures}, {"--memory", folder / "x", "--save-mot", folder / "x"});
  EXPECT_EQ(out.exit_code, 2);
  EXPECT_THAT(out.err, HasSubstr("two outputs would be written to this file"));
  const auto config = folder.write("config.yaml", "memory:\n  capacity: 5\n");
  const auto in = track({pictures}, {"--memory", config, "--config", config});
  EXPECT_EQ(in.exit_code, 2);
  EXPECT_THAT(in.err, HasSubstr("this output is also an input"));
}

}  // namespace
}  // namespace onepass::test
