// Compares scores of random scenes of KITTI and BDD100K with trackeval's. Skipped if trackeval is not installed.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
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
using test::TemporaryFolder;

struct WholeBox {
  int left, top, width, height;
};

/// Boxes of about the height at which KITTI stops to count, in a small field, so that many overlap.
WholeBox random_box(Dice& dice) { return {dice.below(60), dice.below(40), 10 + dice.below(30), 20 + dice.below(16)}; }

struct Object {
  int id;
  int kind;
  WholeBox box;
  bool truncated;
  int occlusion;
};

/// The objects of a frame: some stay, some move, all keep their kind.
template <typename Visit>
void for_objects(Dice& dice, int frames, int count, int kinds, Visit visit) {
  std::vector<Object> objects;
  for (int i = 0; i < count; ++i) objects.push_back({i + 1, dice.below(kinds), random_box(dice), false, 0});
  for (int frame = 0; frame < frames; ++frame) {
    for (auto& object : objects) {
      if (dice.chance(20)) object.box = random_box(dice);
      object.truncated = dice.chance(15);
      object.occlusion = dice.below(4);
      if (!dice.chance(15)) visit(frame, object);
    }
  }
}

/// A tracker's box near one of the truth, or anywhere.
WholeBox near(Dice& dice, WholeBox box) {
  if (dice.chance(15)) return random_box(dice);
  if (dice.chance(50)) box.left += dice.below(5) - 2;
  if (dice.chance(30)) box.height += dice.below(5) - 2;
  return box;
}

std::string kitti_row(int frame, int id, const std::string& type, int truncated, int occlusion, const WholeBox& box,
                      const std::string& score) {
  return std::to_string(frame) + " " + std::to_string(id) + " " + type + " " + std::to_string(truncated) + " " +
         std::to_string(occlusion) + " -10 " + std::to_string(box.left) + " " + std::to_string(box.top) + " " +
         std::to_string(box.left + box.width) + " " + std::to_string(box.top + box.height) +
         " -1 -1 -1 -1000 -1000 -1000 -10" + score + "\n";
}

void write_kitti(const TemporaryFolder& folder, const std::string& name, Dice& dice) {
  constexpr std::array types{"Car", "Car", "Van", "Pedestrian", "Pedestrian", "Person", "Cyclist", "Misc"};
  std::string truth, result;
  for_objects(dice, 40, 14, 8, [&](int frame, const Object& object) {
    const std::string type = types[static_cast<std::size_t>(object.kind)];
    if (dice.chance(80)) truth += kitti_row(frame, object.id, type, object.truncated, object.occlusion, object.box, "");
    if (dice.chance(5)) truth += kitti_row(frame, -1, "DontCare", -1, -1, {dice.below(50), dice.below(30), 30, 30}, "");
    const std::string guess = object.kind < 3 ? "Car" : "Pedestrian";
    if (dice.chance(85)) result += kitti_row(frame, object.id, guess, -1, -1, near(dice, object.box), " 0.9");
  });
  folder.write("gt/label_02/" + name + ".txt", truth);
  folder.write("results/tracker/data/" + name + ".txt", result);
}

json bdd_label(int id, const std::string& category, bool crowd, const WholeBox& box) {
  return {{"id", std::to_string(id)},
          {"category", category},
          {"attributes", {{"Crowd", crowd}, {"Occluded", false}, {"Truncated", false}}},
          {"box2d", {{"x1", box.left}, {"y1", box.top}, {"x2", box.left + box.width}, {"y2", box.top + box.height}}}};
}

void write_bdd(const TemporaryFolder& folder, const std::string& name, Dice& dice) {
  constexpr std::array categories{"pedestrian", "rider",        "car",     "car",
                                  "bus",        "other person", "trailer", "other vehicle"};
  constexpr int frames = 30;
  json truth = json::array(), result = json::array();
  for (int frame = 0; frame < frames; ++frame) {
    const json empty{
        {"name", name + "-" + std::to_string(frame)}, {"videoName", name}, {"index", frame}, {"labels", json::array()}};
    truth.push_back(empty);
    result.push_back(empty);
  }
  for_objects(dice, frames, 16, 8, [&](int frame, const Object& object) {
    const std::string category = categories[static_cast<std::size_t>(object.kind)];
    const auto place = static_cast<std::size_t>(frame);
    const bool crowd = object.id % 7 == 0;
    if (dice.chance(80)) truth[place]["labels"].push_back(bdd_label(object.id, category, crowd, object.box));
    const std::string guess = object.kind < 5 ? category : object.kind == 5 ? "pedestrian" : "bus";
    if (dice.chance(85)) result[place]["labels"].push_back(bdd_label(object.id, guess, false, near(dice, object.box)));
  });
  folder.write("gt/" + name + ".json", truth.dump());
  folder.write("results/tracker/data/" + name + ".json", result.dump());
}

std::string compare(const std::string& python, const TemporaryFolder& folder, const std::string& benchmark) {
  const auto oracle =
      test::run_trackeval(python, folder / "gt", folder / "results", benchmark, test::Preprocessing::official);
  if (!oracle.contains("scores")) return oracle.dump();
  const auto ours = evaluate({.truth = folder / "gt", .results = {folder / "results"}});
  EXPECT_EQ(ours.benchmark, benchmark);
  return test::differences(oracle["scores"], json::parse(to_json(ours, family_names())));
}

TEST(DrivingOracle, KittiIsScoredAlike) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(17);
  write_kitti(folder, "0000", dice);
  write_kitti(folder, "0001", dice);
  folder.write("gt/evaluate_tracking.seqmap.training", "0000 empty 000000 000040\n0001 empty 000000 000040\n");
  EXPECT_EQ(compare(python, folder, "KITTI"), "");
}

TEST(DrivingOracle, Bdd100kIsScoredAlike) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(18);
  write_bdd(folder, "b1c66a42", dice);
  write_bdd(folder, "b1c81faa", dice);
  EXPECT_EQ(compare(python, folder, "BDD100K"), "");
}

}  // namespace
}  // namespace onepass::eval
