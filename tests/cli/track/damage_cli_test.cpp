// Runs onepass track on a damaged video: what the user learns, and --strict.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/ffmpeg.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// 50 frames in H.264 with 4,000 flipped bytes in the middle.
fs::path write_damaged(const TemporaryFolder& folder) {
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2", "-vf", "noise=alls=10", "-c:v", "libx264",
          "-threads", "1", folder / "whole.mp4"});
  auto bytes = read_file(folder / "whole.mp4");
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
  std::transform(begin, begin + 4000, begin, [](char byte) { return static_cast<char>(~byte); });
  return folder.write("film.mp4", bytes);
}

TEST(Damage, IsToldAndMarkedAndAnErrorIfWanted) {
  const TemporaryFolder folder;
  const auto film = write_damaged(folder);
  const auto detections = folder.write("det.txt", "1,-1,50,60,40,80,0.9,-1,-1,-1\n");
  const auto track = [&](const fs::path& source, std::vector<std::string> more) {
    std::vector<std::string> command = {"track", "--source", source, "--detections", detections};
    command.insert(command.end(), more.begin(), more.end());
    return run_onepass(command);
  };
  const auto told = track(film, {"--save-jsonl", "-"});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_THAT(told.err, ContainsRegex("warning: film: of 50 frames, [0-9]+ damaged \\([0-9]+ concealed, "));
  EXPECT_THAT(told.err, ContainsRegex("fps\\), [0-9]+ ids, [0-9]+ damaged \\("));
  std::istringstream lines(told.out);
  int marked = 0;
  for (std::string line; std::getline(lines, line);)
    marked += nlohmann::json::parse(line).contains("concealed") ? 1 : 0;
  EXPECT_THAT(told.err, HasSubstr("damaged (" + std::to_string(marked) + " concealed"));

  const auto strict = track(film, {"--strict", "--save-mot", folder / "a.txt"});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_THAT(strict.err, HasSubstr("onepass: film: frames are "));
  EXPECT_THAT(strict.err, HasSubstr("which --strict does not allow"));
  EXPECT_TRUE(fs::exists(folder / "a.txt"));
  const auto whole = track(folder / "whole.mp4", {"--strict", "--save-jsonl", "-"});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_THAT(whole.err + whole.out, Not(testing::AnyOf(HasSubstr("damaged"), HasSubstr("concealed"))));
}

TEST(Damage, OfAFolderIsThatOfItsImages) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "in");
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=0.2", folder / "in/%d.png"});
  folder.write("in/3.png", read_file(folder / "in/3.png").substr(0, 100));
  const auto detections = folder.write("det.txt", "1,-1,5,6,4,8,0.9,-1,-1,-1\n");
  const auto result = run_onepass(
      {"track", "--source", folder / "in", "--detections", detections, "--save-video", folder / "a.mp4", "--strict"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("in: frames are 1 damaged (0 concealed, 1 undecodable), which --strict"));
}

}  // namespace
}  // namespace onepass::test
