// Compares scores of random and adversarial sequences with trackeval's. Skipped if trackeval is not installed.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>

#include "eval/benchmark/evaluation.hpp"
#include "eval/metrics/families.hpp"
#include "eval/report/score_files.hpp"
#include "support/dice.hpp"
#include "support/temporary_folder.hpp"
#include "support/trackeval.hpp"

namespace onepass::eval {
namespace {

using nlohmann::json;
using test::Dice;
using test::Preprocessing;
using test::TemporaryFolder;

struct Scene {
  int frames;
  int truths;
  int tracks;
  int field;  ///< boxes lie in a square of this side: the smaller, the more they overlap
};

struct WholeBox {
  int left, top, width, height;
};

std::string row(int frame, int id, const WholeBox& box, const std::string& rest) {
  return std::to_string(frame) + "," + std::to_string(id) + "," + std::to_string(box.left) + "," +
         std::to_string(box.top) + "," + std::to_string(box.width) + "," + std::to_string(box.height) + "," + rest +
         "\n";
}

WholeBox random_box(Dice& dice, int field) {
  return {dice.below(field), dice.below(field), 1 + dice.below(field), 1 + dice.below(field)};
}

/// Writes a sequence whose boxes have small integer coordinates and are often copies of each other, so that many
/// overlaps are equal or exactly at a threshold.
void write_scene(const TemporaryFolder& folder, const std::string& name, const Scene& scene, Dice& dice) {
  constexpr int classes[] = {1, 1, 1, 2, 3, 6, 7, 8, 12, 13};
  std::string truth, result;
  std::vector<WholeBox> boxes(static_cast<std::size_t>(scene.truths));
  for (int frame = 1; frame <= scene.frames; ++frame) {
    const bool empty_frame = dice.chance(10);
    for (int i = 0; i < scene.truths; ++i) {
      auto& box = boxes[static_cast<std::size_t>(i)];
      if (frame == 1 || dice.chance(15)) box = random_box(dice, scene.field);
      if (empty_frame || dice.chance(20)) continue;
      const int class_id = classes[(i * 7) % 10];
      truth +=
          row(frame, 3 * i + 1, box, std::string(dice.chance(10) ? "0" : "1") + "," + std::to_string(class_id) + ",1");
    }
    for (int i = 0; i < scene.tracks; ++i) {
      if (dice.chance(25)) continue;
      auto box = scene.truths > 0 && dice.chance(70) ? boxes[static_cast<std::size_t>((i + frame / 7) % scene.truths)]
                                                     : random_box(dice, scene.field);
      if (dice.chance(40)) box.left += dice.below(3) - 1;
      if (dice.chance(20)) box.height += 1;
      result += row(frame, i + 1, box, "0.5,-1,-1,-1");
    }
  }
  folder.write("gt/" + name + "/gt/gt.txt", truth);
  folder.write("gt/" + name + "/seqinfo.ini", "[Sequence]\nseqLength=" + std::to_string(scene.frames) + "\n");
  folder.write("results/tracker/" + name + ".txt", result);
}

std::string compare(const std::string& python, const TemporaryFolder& folder, const std::string& benchmark,
                    Preprocessing preprocessing) {
  const auto oracle = test::run_trackeval(python, folder / "gt", folder / "results", benchmark, preprocessing);
  if (!oracle.contains("scores")) return oracle.dump();
  const auto ours = evaluate({.truth = folder / "gt",
                              .results = {folder / "results"},
                              .benchmark = preprocessing == Preprocessing::none ? "none" : benchmark});
  return test::differences(oracle["scores"], json::parse(to_json(ours, family_names())));
}

TEST(TrackEvalOracle, TiesAndThresholdsAreDecidedAlike) {
  REQUIRE_TRACKEVAL(python);
  for (const std::string benchmark : {"MOT16", "MOT17", "MOT20", "MOT15"}) {
    const TemporaryFolder folder;
    Dice dice(static_cast<unsigned>(benchmark.back()));
    write_scene(folder, benchmark + "-01", {40, 8, 9, 6}, dice);
    write_scene(folder, benchmark + "-02", {60, 20, 25, 12}, dice);
    write_scene(folder, benchmark + "-03", {30, 5, 3, 40}, dice);
    EXPECT_EQ(compare(python, folder, benchmark, Preprocessing::official), "") << benchmark;
  }
}

TEST(TrackEvalOracle, WithoutPreprocessingToo) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(5);
  write_scene(folder, "MOT17-01", {50, 12, 12, 10}, dice);
  EXPECT_EQ(compare(python, folder, "MOT17", Preprocessing::none), "");
}

TEST(TrackEvalOracle, EmptySidesScoreAlike) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(9);
  write_scene(folder, "MOT17-01", {20, 0, 4, 10}, dice);
  write_scene(folder, "MOT17-02", {20, 4, 0, 10}, dice);
  write_scene(folder, "MOT17-03", {20, 0, 0, 10}, dice);
  write_scene(folder, "MOT17-04", {20, 4, 4, 10}, dice);
  write_scene(folder, "MOT17-05", {1, 1, 1, 3}, dice);
  EXPECT_EQ(compare(python, folder, "MOT17", Preprocessing::official), "");
}

TEST(TrackEvalOracle, WhatOneRefusesTheOtherRefuses) {
  REQUIRE_TRACKEVAL(python);
  const std::string good = "1,1,0,0,5,5,1,1,1\n2,1,0,0,5,5,1,1,1\n";
  const std::pair<std::string, std::string> cases[] = {
      {good, "1,1,0,0,5,5,1,-1,-1,-1\n1,1,9,9,5,5,1,-1,-1,-1\n"},    // an id twice in a frame
      {good + "2,1,50,50,5,5,1,1,1\n", "1,1,0,0,5,5,1,-1,-1,-1\n"},  // the same in the ground truth
      {good, "3,1,0,0,5,5,1,-1,-1,-1\n"},                            // after the last frame
      {good, "1,1,0,0,5,5,1,3,-1,-1\n"},                             // a car
      {"1,1,0,0,5,5,1,14,1\n", "1,1,0,0,5,5,1,-1,-1,-1\n"},          // a class that does not exist
      {good, "1,1,a,0,5,5,1,-1,-1,-1\n"},                            // not a number
  };
  for (const auto& [truth, result] : cases) {
    const TemporaryFolder folder;
    folder.write("gt/MOT17-01/gt/gt.txt", truth);
    folder.write("gt/MOT17-01/seqinfo.ini", "[Sequence]\nseqLength=2\n");
    folder.write("results/tracker/MOT17-01.txt", result);
    const auto oracle =
        test::run_trackeval(python, folder / "gt", folder / "results", "MOT17", Preprocessing::official);
    EXPECT_TRUE(oracle.contains("error")) << truth << result;
    EXPECT_THROW(evaluate({.truth = folder / "gt", .results = {folder / "results"}}), std::runtime_error)
        << truth << result;
  }
}

}  // namespace
}  // namespace onepass::eval
