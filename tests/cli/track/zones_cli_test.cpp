// Runs onepass track with zones and a ground on the crossing scene: A walks right from x = 100, B left from x = 700,
// both 5 pixels a frame at 30 frames a second; C stands still.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "support/crossing_scene.hpp"
#include "support/json_lines.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* zones = R"(zones:
  - name: middle
    line: [[400, 0], [400, 719]]
    directions: [left, right]
  - name: all
    polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]
)";

TEST(ZonesCli, CountsTheCrossing) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder, 200);
  const auto file = folder.write("zones.yaml", zones);
  const auto result = run_onepass(replay(
      sequence, {"--zones", file, "--events", "-", "--save-counts", folder / "counts.csv", "--counts-interval", "2s"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("middle: left 1, right 1\n"));
  EXPECT_THAT(result.err, HasSubstr("all: 3 entered, stayed "));
  std::map<std::string, int> directions;
  std::map<std::string, int> kinds;
  for (const auto& event : parse_lines(result.out)) {
    ++kinds[event["event"]];
    if (event["event"] != "cross") continue;
    ++directions[event["direction"]];
    EXPECT_NEAR(event["time"].get<double>(), 60 / 30.0, 0.5);
  }
  EXPECT_EQ(directions, (std::map<std::string, int>{{"left", 1}, {"right", 1}}));
  EXPECT_EQ(kinds["enter"], 3);
  EXPECT_EQ(kinds["leave"], 3);
  const auto table = read_file(folder / "counts.csv");
  EXPECT_THAT(table, testing::StartsWith("start,end,source,zone,in,out,"));
  EXPECT_EQ(std::ranges::count(table, '\n'), 1 + 2 * 4);  // 6.63 seconds, two zones
}

TEST(ZonesCli, TheSameRunGivesTheSameBytes) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto file = folder.write("zones.yaml", zones);
  const auto run = [&] { return run_onepass(replay(sequence, {"--zones", file, "--save-counts", "-"})).out; };
  const auto once = run();
  EXPECT_FALSE(once.empty());
  EXPECT_EQ(once, run());
}

TEST(ZonesCli, AGroundGivesMeters) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  // 100 pixels are a meter; 5 pixels per frame at 30 frames per second are 1.5 meters per second.
  const auto ground = folder.write("ground.yaml", R"(ground:
  - {image: [0, 0], meters: [0, 0]}
  - {image: [1000, 0], meters: [10, 0]}
  - {image: [1000, 1000], meters: [10, 10]}
  - {image: [0, 1000], meters: [0, 10]}
)");
  const auto result = run_onepass(replay(sequence, {"--ground", ground, "--save-jsonl", "-"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto lines = parse_lines(result.out);
  for (const auto& track : lines.at(45)["tracks"]) {
    const auto& box = track["box"];
    EXPECT_NEAR(track["position_m"][0].get<double>(), (box[0].get<double>() + box[2].get<double>() / 2) / 100, 0.01);
    EXPECT_NEAR(track["position_m"][1].get<double>(), (box[1].get<double>() + box[3].get<double>()) / 100, 0.01);
    EXPECT_GT(track["nearest_m"].get<double>(), 0);
    if (track["id"] != 1) continue;
    EXPECT_NEAR(track["speed_mps"].get<double>(), 1.5, 0.1);
    EXPECT_NEAR(track["distance_m"].get<double>(), 45 * 0.05 - 0.5, 0.5);  // in steps of half a meter
  }
}

TEST(ZonesCli, MistakesAreOneLine) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing(folder);
  const auto error_of = [&](const std::string& text, int exit_code = 1) {
    const auto result = run_onepass(replay(sequence, {"--overwrite", "--zones", folder.write("zones.yaml", text)}));
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_THAT(error_of("zones:\n- name: a\n  line: [[0, 0], [5000, 100]]\n"),
              HasSubstr("zones.yaml:2: zone 'a': lies outside the picture: 5000, 100 in 1280x720"));
  EXPECT_THAT(error_of("zones:\n- name: a\n  line: [[0, 0], [1, 1]]\n  camera: x\n"),
              HasSubstr("zones.yaml:4: zones: unknown key 'camera' (did you mean 'cameras'?)"));
  EXPECT_THAT(error_of("zones:\n- name: a\n  line: [[0, 0], [1, 1]]\n  cameras: x\n"),
              HasSubstr("there is no camera 'x'"));
  EXPECT_THAT(error_of("zones:\n- name: a\n  line: [[0, 0], [1, 1]]\n  classes: person\n"),
              HasSubstr("give the number of 'person'"));
  EXPECT_THAT(error_of("zones:\n- name: a\n  line: [[0.5, 0.1], [320, 300]]\n"), HasSubstr("mixes shares"));
  const auto none = run_onepass(replay(sequence, {"--zones", folder.write("zones.yaml", "zones: []\n")}));
  EXPECT_EQ(none.exit_code, 0) << none.err;
  EXPECT_THAT(none.err, HasSubstr("warning: " + (folder / "zones.yaml").string() + ": has no zones"));
  const auto alone = run_onepass(replay(sequence, {"--save-counts", "-"}));
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_THAT(alone.err, HasSubstr("--save-counts needs --zones"));
  const auto ground = folder.write("ground.yaml", "ground:\n- {image: [0, 0], meters: [0, 0], cameras: x}\n");
  EXPECT_THAT(run_onepass(replay(sequence, {"--ground", ground})).err, HasSubstr("--ground has no effect without"));
  EXPECT_THAT(run_onepass(replay(sequence, {"--ground", ground, "--save-jsonl", "-"})).err,
              HasSubstr("ground.yaml:2: there is no camera 'x'"));
}

}  // namespace
}  // namespace onepass::test
