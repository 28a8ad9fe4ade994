// Compares the scores of a video that is tracked in pieces with those of the whole video.
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench/simulated_people.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

/// Columns of the line of one sequence that onepass eval --csv prints, by name.
using Scores = std::map<std::string, std::string>;

double hota(const Scores& scores) { return std::stod(scores.at("HOTA")); }

std::vector<std::string> cells(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> cells;
  for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
  return cells;
}

/// Dancers and walkers who hide each other for 100 s, as a sequence "square" without images.
class StitchedScores : public testing::Test {
 protected:
  StitchedScores() {
    scene::SceneSettings settings;
    settings.seed = 2;
    settings.frame_rate = 10;
    settings.frames = 1000;
    settings.objects = 8;
    settings.vehicle_share = 0;
    settings.dancing_share = 0.5;
    const auto scene = scene::make_scene(settings);
    bench::SimulatedDetector detector(settings.seed);
    std::string truth, detections;
    for (int frame = 0; frame < settings.frames; ++frame) {
      const auto people = bench::people_at(scene, frame);
      const auto row = [&](int id, const Box& box, double score) {
        return fmt::format("{},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.3f},1,1\n", frame + 1, id, box.left, box.top,
                           box.width, box.height, score);
      };
      for (const auto& person : people) truth += row(person.identity, person.box, 1);
      std::vector<int> identities;
      for (const auto& found : detector.detect(people, &identities)) detections += row(-1, found.box, found.score);
    }
    folder_.write("square/gt/gt.txt", truth);
    folder_.write("square/det/det.txt", detections);
    folder_.write("square/seqinfo.ini",
                  "[Sequence]\nname=square\nframeRate=10\nseqLength=1000\nimWidth=640\n"
                  "imHeight=384\n");
  }

  Scores scores_of(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{
        "track",      "--source",       folder_ / "square", "--detections", folder_ / "square/det/det.txt",
        "--save-mot", folder_ / "out/", "--overwrite"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto tracked = run_onepass(arguments);
    EXPECT_EQ(tracked.exit_code, 0) << tracked.err;
    const auto result = run_onepass(
        {"eval", "--gt", folder_.path(), "--results", folder_ / "out", "--benchmark", "MOT15", "--csv", "-"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    std::istringstream lines(result.out);
    std::string names, values;
    std::getline(lines, names);
    std::getline(lines, values);
    Scores scores;
    for (std::size_t i = 0; i < cells(names).size(); ++i) scores[cells(names)[i]] = cells(values).at(i);
    return scores;
  }

  TemporaryFolder folder_;
};

TEST_F(StitchedScores, AreThoseOfTheWholeVideo) {
  const auto whole = scores_of({});
  for (const char* length : {"31s", "38s"}) {  // with the overlap that is the default
    const auto stitched = scores_of({"--split", length});
    EXPECT_NEAR(hota(stitched), hota(whole), 0.003) << length;
    EXPECT_EQ(stitched.at("IDSW"), whole.at("IDSW")) << length;
    EXPECT_EQ(stitched.at("IDs"), whole.at("IDs")) << length;
  }
}

TEST_F(StitchedScores, SufferFromPiecesThatHaveNotLearnedHowDancersMove) {
  EXPECT_LT(hota(scores_of({"--split", "31s", "--overlap", "2s"})), hota(scores_of({})) - 0.003);
}

}  // namespace
}  // namespace onepass::test
